"""The API: one photo in, what every model makes of it out.

`app` has the routes, `upload` and `photo` read what was sent, `comparison` asks the models and gathers their answers,
`store` knows the bucket, `invoker` calls a function, `agreement` and `truth` compare label maps, `documents` describes
what is answered, `errors` how it fails.
"""
