"""Entry of every model function. Importing this module is Lambda's init phase."""

from __future__ import annotations

import os
from typing import Any

from shared import garbage

with garbage.left_alone():
    from snapshot_restore_py import register_after_restore

    from functions.segmenter.start import start
    from shared import telemetry

    SEGMENTER = start(os.environ)
register_after_restore(SEGMENTER.restore)  # called with SnapStart alone
log = telemetry.logger("segmenter")
log.append_keys(model=SEGMENTER.card.name, version=SEGMENTER.card.version)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one invocation: see `Segmenter.answer`. What that raises is logged and counted on its way to Lambda."""
    log.set_correlation_id(event.get("correlation_id") if isinstance(event, dict) else None)
    try:
        answer = SEGMENTER.answer(event)
    except Exception:
        telemetry.count(SEGMENTER.card.name, "Failure")
        log.exception("crashed")
        raise
    if answer["status"] == "ok":
        telemetry.record_stages(SEGMENTER.card.name, answer["timings_ms"])
        if answer["cold_start"]:
            telemetry.count(SEGMENTER.card.name, "ColdStart")
        log.info("answered", extra={key: answer[key] for key in ("timings_ms", "cold_start", "peak_memory_mb")})
    elif answer["status"] == "failed":
        telemetry.count(SEGMENTER.card.name, "Refusal")
        log.warning("refused", extra={"problem": answer["problem"]})
    return answer
