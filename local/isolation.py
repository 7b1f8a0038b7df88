"""Keeps the local system apart from its user's AWS configuration and proxies: it talks to stand-ins on this machine."""

from __future__ import annotations

import os

AWS = {
    # The stand-ins take any credentials; the SDK insists on having some.
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    # Left out, the SDK reads those in the user's home.
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}
"""The only AWS settings in the environment of a process of the local system."""


def isolate() -> None:
    """Let this process, and what it starts, find `AWS` in place of the user's settings, and this machine past proxies.

    The proxies themselves stay, for what comes from the internet. Clients that exist already do not notice.
    """
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(AWS | past_proxies("127.0.0.1", "localhost"))


def past_proxies(*hosts: str) -> dict[str, str]:
    """Environment variables by which `hosts`, and those that the user names, are reached without a proxy."""
    named = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    # The asterisk means every host, and only when it stands alone.
    value = named if named == "*" else ",".join(dict.fromkeys([*hosts, *filter(None, named.split(","))]))
    return {"no_proxy": value, "NO_PROXY": value}  # some programs read the one, some the other
