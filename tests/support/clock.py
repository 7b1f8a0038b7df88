"""A clock of one module's own: `time` itself stays as it is, for servers of other tests run by it in their threads."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest


def own_time(monkeypatch: pytest.MonkeyPatch, module: ModuleType, **functions: Callable[..., Any]) -> None:
    """Have `module`, which says `import time`, use these `functions` of it instead."""
    monkeypatch.setattr(module, "time", SimpleNamespace(**vars(time) | functions))
