"""The API: one photo in, what every model makes of it out.

A request: `app` puts the endpoints in `routes` together; `middleware`, `cors`, `routing`, `origin_secret`, `places` and
`access_log` are what holds for all of them, `errors` how they fail. `upload` and `photo` read what was sent, `claims`
says whose photo it is.

A comparison: `comparison` has `asking` ask each model, in its turn (`turns`), by `invoker`, and gathers their
`answers`. `store` knows what lies in the bucket (`records`, `results`), `bucket` how to read, list and delete it.

What is said about it: `judging` reads `label_maps` once for `agreement`, `regions`, `chance` and `truth`; `schemas`
describes what is answered, `openapi` writes it down, `health` says how the models are.

`handler` is Lambda's entry, configured by `settings`; `precompute` compares the samples at deployment.
"""
