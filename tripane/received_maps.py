"""Maps from elsewhere: a running system, or a bucket that models wrote to. They are checked before they are decoded,
as their writer may be broken or malicious.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from shared.contracts.limits import RESULT_LONG_SIDE
from shared.map_png import MapError, open_map
from tripane.job import Answers, stacked
from tripane.records import Answer, Record

BROKEN = "its maps cannot be read: they are not what a model writes"


def from_pngs(pngs: Mapping[str, tuple[bytes, bytes]], record: Record) -> Answers:
    """Label and confidence maps, as PNG by model, of the size that `record` has, as answers.

    A model whose maps cannot be read gets the reason in its record, and costs the others nothing.
    """
    size = record.size or (0, 0)
    labels, confidence = {}, {}
    for name, (label_png, confidence_png) in pngs.items():
        try:
            if not all(isinstance(side, int) and side <= RESULT_LONG_SIDE for side in size):  # it is theirs, too
                raise MapError(f"no map has {size[0]} x {size[1]} px")
            read = open_map(label_png, "P", size), open_map(confidence_png, "L", size, exactly=False)
        except MapError:
            record.answers[name] = Answer(reason=BROKEN)
        else:
            labels[name], confidence[name] = map(np.asarray, read)
    return Answers(
        list(labels), stacked([*labels.values()]), [*confidence.values()], [pngs[name][0] for name in labels]
    )
