"""What every model function runs: one photo from S3 in, a label map and how sure it is back into S3.

`handler` is the function's entry, `start` what happens once in a process, `segmenter` what happens for each photo.
`python -m functions.segmenter PHOTO --model enet` does the same on this machine without S3.
"""
