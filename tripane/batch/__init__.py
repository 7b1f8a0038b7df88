"""A folder of photos on AWS: every photo below a prefix of a bucket, through the deployed models, by Step Functions.

`deployment` finds what a stack has for it, `listing` what there is to ask and what is answered, `estimate` says what it
costs and takes, `execution` runs and watches it, and `answers` makes a report of it by the code that makes any other.
"""
