"""What bounds the worst day: throttles and the brake's thresholds, from the dollars that an operator allows a day.

Three things can cost more than they should, and each has its share of the limit. **Requests** are bounded by the API's
throttle alone. How long a **function** runs for a request, and how many bytes go out (**egress**), no throttle bounds:
when five minutes cost more than a five-minute part of the share, an alarm has the brake stop everything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

from infra import prices
from infra.costs import MEASURED, Stack, monthly_usd
from shared.contracts.deployment import MODEL_TIMEOUT_S, ORCHESTRATOR_TIMEOUT_S
from shared.contracts.routes import COMPARE_ROUTE

DAY_S = 86400
WINDOW_S = 300
REQUESTS_SHARE, FUNCTIONS_SHARE, EGRESS_SHARE = 0.25, 0.25, 0.5
OTHERS_PER_COMPARISON = 25
"""The page, the gallery, the questions while models run, the pictures."""
BURST = 10
"""Comparisons that may come at once: their cost is negligible over a day."""
ALARM_S = 180
"""Seconds until metrics are there and the alarm has looked at them: an assumption, AWS promises nothing."""
CLOUDFRONT_S = 300
"""Seconds until the last of CloudFront's locations knows that a distribution is disabled: an assumption."""
GBIT_S = 1e9 / 8


@dataclass(frozen=True)
class DailyLimit:
    """What `usd` US dollars a day allow, to a stack with so many models."""

    usd: float
    models: int
    stack: Stack = field(default_factory=Stack)

    @property
    def comparisons_per_second(self) -> float:
        """The throttle: what the share of requests pays for all day long, rounded down."""
        return math.floor(100 * self.usd * REQUESTS_SHARE / DAY_S / requests_usd(self.stack)) / 100

    @property
    def throttles(self) -> dict[str, Any]:
        """API Gateway's settings by route, where "*" is every other route."""
        rate = self.comparisons_per_second
        return {
            COMPARE_ROUTE: {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": BURST},
            "*": {
                "ThrottlingRateLimit": round(rate * OTHERS_PER_COMPARISON, 2),
                "ThrottlingBurstLimit": BURST * OTHERS_PER_COMPARISON,
            },
        }

    @property
    def functions_usd(self) -> float:
        """What the functions' time may cost in five minutes."""
        return self.usd * FUNCTIONS_SHARE * WINDOW_S / DAY_S

    @property
    def egress_bytes(self) -> int:
        """How many bytes CloudFront may send in five minutes."""
        return int(self.usd * EGRESS_SHARE * WINDOW_S / DAY_S / prices.CLOUDFRONT_GB * 1e9)

    def functions_run_on_usd(self) -> float:
        """What functions cost, at most, from the first call that is too long until the last one has ended.

        Every request that the throttle lets through runs into its function's time-out.
        """
        models_gb_s = self.models * MODEL_TIMEOUT_S * self.stack.model_mb / 1024
        orchestrator_gb_s = (1 + OTHERS_PER_COMPARISON) * ORCHESTRATOR_TIMEOUT_S * self.stack.orchestrator_mb / 1024
        comparisons = BURST + self.comparisons_per_second * (WINDOW_S + ALARM_S + MODEL_TIMEOUT_S)
        return comparisons * (models_gb_s + orchestrator_gb_s) * prices.LAMBDA_GB_SECOND[self.stack.architecture]

    def egress_run_on_usd(self, gbit_s: float) -> float:
        """What CloudFront costs from the moment that somebody fetches `gbit_s` until the last location is shut."""
        return gbit_s * GBIT_S * (WINDOW_S + ALARM_S + CLOUDFRONT_S) / 1e9 * prices.CLOUDFRONT_GB


def requests_usd(stack: Stack) -> float:
    """What the requests of one comparison cost at full throttle, without the functions' time and without egress."""
    free = dict.fromkeys(MEASURED.model_ms, 0.0)
    usage = replace(MEASURED, model_ms=free, init_ms=0, orchestrator_ms=0, bytes_out=0)
    nothing, one = monthly_usd(0, usage, stack), monthly_usd(1, usage, stack)
    return (sum(one.values()) - sum(nothing.values())) * (1 + OTHERS_PER_COMPARISON) / MEASURED.api_requests
