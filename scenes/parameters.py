"""What a scene is to be like, drawn from its seed."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, fields
from typing import Any

from scenes.kinds import KINDS, Kind

MOODS = ("sunny", "overcast", "rain", "dusk")
SEASONS = ("summer", "spring", "autumn")
VIEWS = ("driver", "pavement")


@dataclass(frozen=True)
class Parameters:
    """Everything that a scene is drawn from: with the seed, it makes the same scene again.

    Lengths are in metres: along the street from the camera, and across it to the right of its middle. Angles are in
    degrees.
    """

    seed: int
    kind: str
    mood: str
    season: str
    view: str
    half: float
    """Half the carriageway's width, parking included."""
    parking: float
    """Width of the parking lane on either side; 0 where there is none."""
    pave: float
    """Width of a pavement, its verge included."""
    verge: float
    garden: float
    gap: float
    """Metres between one house and the next."""
    paving: str
    centre: str
    """The line in the middle: none, dash or solid."""
    edge: str
    """Yellow lines along the kerbs: y, or none."""
    arrow: float
    """Where an arrow is painted in the camera's lane; 0 for nowhere."""
    length: float
    curve: float
    slope: float
    crossings: tuple[tuple[float, float], ...]
    """Side streets: where, and how wide."""
    zebra: tuple[float, ...]
    park: tuple[int, float, float] | None
    """A side (-1 left, 1 right) with trees instead of houses, from where to where."""
    trees: bool
    traffic: float
    crowd: float
    cyclists: int
    camera_across: float
    camera_height: float
    yaw: float
    pitch: float
    roll: float
    lens: float
    """Focal length in mm on a 36 mm sensor."""

    @property
    def street(self) -> Kind:
        """The type of street."""
        return KINDS[self.kind]

    @property
    def lane(self) -> float:
        """Half the width that is driven on."""
        return self.half - self.parking

    @property
    def wet(self) -> bool:
        """Whether the ground is wet."""
        return self.mood == "rain"

    @property
    def dark(self) -> bool:
        """Whether lamps and windows are lit."""
        return self.mood == "dusk"

    def document(self) -> dict[str, Any]:
        """The parameters as JSON."""
        return asdict(self)


def draw(seed: int, **fixed: Any) -> Parameters:
    """The parameters of a seed; what is `fixed` is taken as it is, and the rest drawn to go with it.

    Raises `ValueError` for a name or a value that there is not.
    """
    _check(fixed)
    rng = random.Random(f"parameters {seed}")
    kind = rng.choice(list(KINDS))
    kind = fixed.get("kind", kind)
    street = KINDS[kind]
    half, parking = rng.uniform(*street.half), rng.choice(street.parking)
    half, parking = fixed.get("half", half), fixed.get("parking", parking)
    verge = rng.uniform(1.0, 1.6) if rng.random() < 0.6 and kind in ("suburb", "modern") else 0.0
    crossings = _crossings(rng)
    centre = rng.choice(street.centre)
    drawn: dict[str, Any] = {
        "seed": seed,
        "kind": kind,
        "mood": rng.choice(["sunny", "sunny", "sunny", "overcast", "overcast", "rain", "dusk"]),
        "season": rng.choice(["summer", "summer", "spring", "autumn"]),
        "half": half,
        "parking": parking,
        "pave": rng.uniform(*street.pave) + verge,
        "verge": verge,
        "garden": rng.uniform(*street.garden),
        "gap": street.gap,
        "paving": rng.choice(street.paving),
        "centre": centre,
        "edge": rng.choice(["", "", "y"]) if parking == 0 else "",
        "arrow": rng.uniform(8, 16) if rng.random() < 0.25 and centre != "none" else 0.0,
        "length": rng.uniform(110, 190),
        "curve": rng.choice([0, 0, 1, -1]) * rng.uniform(0.003, 0.010),
        "slope": rng.choice([0, 0, 1, -1]) * rng.uniform(0.01, 0.045),
        "crossings": crossings,
        "zebra": _zebra(rng, crossings),
        "park": _park(rng, kind),
        "trees": rng.random() < street.trees,
        "traffic": rng.uniform(0.3, 1.0),
        "crowd": rng.uniform(0.3, 1.0),
        "pitch": rng.uniform(-1.5, 2.0),
        "roll": rng.uniform(-0.8, 0.8),
    }
    view = rng.choice(["driver", "driver", "driver", "pavement"])
    drawn |= _viewpoint(rng, fixed.get("view", view), half, parking)
    drawn["cyclists"] = rng.choice([0, 1, 1, 2, 3])
    return Parameters(**(drawn | fixed))


def _check(fixed: dict[str, Any]) -> None:
    choices = {"kind": tuple(KINDS), "mood": MOODS, "season": SEASONS, "view": VIEWS}
    if unknown := set(fixed) - {field.name for field in fields(Parameters)}:
        raise ValueError(f"{', '.join(sorted(unknown))}: there is no such parameter of a scene")
    for name, known in choices.items():
        if name in fixed and fixed[name] not in known:
            raise ValueError(f"{name} is one of {', '.join(known)}, not {fixed[name]!r}")


def _crossings(rng: random.Random) -> tuple[tuple[float, float], ...]:
    near = ((rng.uniform(20, 45), rng.uniform(7.5, 10)),) if rng.random() < 0.75 else ()
    far = ((rng.uniform(80, 100), 9.0),) if rng.random() < 0.6 else ()
    return near + far


def _zebra(rng: random.Random, crossings: tuple[tuple[float, float], ...]) -> tuple[float, ...]:
    if rng.random() > 0.55:
        return ()
    where = rng.uniform(10, 24)
    for along, width in crossings[:1]:
        if abs(along - where) < 10:
            where = along - width / 2 - 3.5
    return (where,)


def _park(rng: random.Random, kind: str) -> tuple[int, float, float] | None:
    if rng.random() < 0.2 and kind in ("mixed", "modern", "suburb"):
        return rng.choice([-1, 1]), 30.0, 75.0
    return None


def _viewpoint(rng: random.Random, view: str, half: float, parking: float) -> dict[str, Any]:
    if view == "driver":
        return {
            "view": view,
            "camera_across": (half - parking) / 2 + rng.uniform(-0.4, 0.3),
            "camera_height": rng.uniform(1.25, 1.75),
            "yaw": rng.uniform(-7, 5),
            "lens": rng.uniform(22, 31),
        }
    side = rng.choice([-1, 1])
    return {
        "view": view,
        "camera_across": side * (half + rng.uniform(0.4, 1.0)),
        "camera_height": rng.uniform(1.55, 1.75),
        "yaw": -side * rng.uniform(4, 14),
        "lens": rng.uniform(24, 32),
    }
