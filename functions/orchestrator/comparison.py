"""One comparison: a photo, what every model made of it, and how the answers compare."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from functions.orchestrator import documents, problems
from functions.orchestrator.agreement import agreement
from functions.orchestrator.fan_out import FanOut
from functions.orchestrator.form import Asked
from functions.orchestrator.invoker import Invoker, timed_out
from functions.orchestrator.photos import Photo, Photos
from functions.orchestrator.settings import Settings
from functions.orchestrator.store import Marker, Store
from functions.orchestrator.truth import scores
from shared import storage
from shared.contracts.card import Card
from shared.contracts.limits import result_size
from shared.contracts.messages import STAGES, SegmentResult

_GRACE_S = 5.0
"""Beyond a function's timeout, before a model that has left no word is taken for failed."""
_POLL_S = 0.3
_REMEMBERED = 64
"""Photos whose agreement is not computed again."""
