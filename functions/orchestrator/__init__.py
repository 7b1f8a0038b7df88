"""The API: one photo in, what every model makes of it out.

`app` puts it together from the endpoints in `routes`; `upload` and `photo` read what was sent, `comparison` asks the
models and gathers their answers, `store` knows the bucket, `invoker` calls a function; `agreement`, `regions` and
`truth` compare label maps; `schemas` describes what is answered, `errors` how it fails, `middleware` and `access_log`
what holds for every answer.
"""
