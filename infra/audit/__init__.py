"""What the project is made of: known vulnerabilities, licences, secrets, bills of materials, and what is not pinned.

`make audit` looks, `make pin` pins. `requirements.txt` here is what the first looks with.
"""
