"""Whether a function answers: checked by a call that does nothing, which reveals one that hangs or cannot start."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable

from local.emulator.answers import Answer

WARMUP = json.dumps({"warmup": True}).encode()
PATIENCE_S = 3.0
"""How long a function may take to answer that it is there."""
LONGEST_CALL_S = 30.0
"""How long a call may run before the function counts as hanging: the largest photo takes a fraction."""
KEPT_S = 5.0
"""How long an answer is reused, so that frequent checks cost the function nothing."""


class Probe:
    """Asks by `call` while it holds `one_call`, which is locked as long as any call runs; `busy_s` says how long."""

    def __init__(self, one_call: threading.Lock, call: Callable[[bytes], Answer], busy_s: Callable[[], float]) -> None:
        self._one_call, self._call, self._busy_s = one_call, call, busy_s
        self._lock = threading.Lock()
        self._asked = threading.Event()
        self._asked.set()
        self._answered_at = float("-inf")
        self._problem: str | None = None

    def problem(self) -> str | None:
        """What is wrong with the function; None when it answers, or is busy answering."""
        with self._lock:
            if self._asked.is_set() and time.monotonic() - self._answered_at > KEPT_S:
                if not self._one_call.acquire(blocking=False):
                    busy_s = self._busy_s()
                    return f"a call has run for {busy_s:.0f} s" if busy_s > LONGEST_CALL_S else None
                self._asked.clear()
                threading.Thread(target=self._ask, name="probe", daemon=True).start()
        if not self._asked.wait(PATIENCE_S):
            return f"it did not answer in {PATIENCE_S:g} s"
        return self._problem

    def _ask(self) -> None:
        try:
            answer = self._call(WARMUP)
            self._problem = answer.body.decode("utf-8", "replace")[:500] if answer.is_failure else None
        finally:
            self._one_call.release()
            self._answered_at = time.monotonic()
            self._asked.set()
