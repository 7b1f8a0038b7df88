"""What segmentation models make of your photos.

    import tripane
    tripane.compare("photo.jpg")                                    # models in this process
    tripane.Client("http://127.0.0.1:8080/").compare("photo.jpg")   # those of a running system

The command `tripane` does the same for folders, and makes reports of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tripane.client import Client
    from tripane.local import compare
    from tripane.result import Result

__all__ = ["Client", "Result", "compare"]
_HOMES = {"compare": "tripane.local", "Client": "tripane.client", "Result": "tripane.result"}


def __getattr__(name: str) -> Any:
    """Import a name when it is used, so that nobody waits for what they do not use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'tripane' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
