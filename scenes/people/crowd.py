"""Where people walk and ride."""

from __future__ import annotations

import math
from random import Random
from typing import Any

from mathutils import Matrix

from scenes.label import Label
from scenes.mesh import pose
from scenes.people.bicycle import bicycle
from scenes.people.clothes import dress
from scenes.people.figure import Figure
from scenes.people.posture import riding, walking
from scenes.site import Site

KEPT_FREE = 12.0
"""No walker is nearer to the camera than so many metres: closer, they look like the puppets they are."""


def populate(site: Site) -> None:
    """Put walkers on the pavements and zebras, and cyclists on the road."""
    rng = site.random("people")
    p = site.parameters
    count = int(4 + 16 * p.crowd * (1.2 if p.street.shops > 0.3 else 0.55))
    company = [_walker(site, rng) for _ in range(min(10, max(4, count // 2)))]
    for _ in range(count):
        _on_pavement(site, rng, company)
    for where in p.zebra:
        for _ in range(rng.choice([0, 1, 2, 3])):
            _on_zebra(site, rng, rng.choice(company), where)
    for _ in range(p.cyclists):
        _cyclist(site, rng)


def _walker(site: Site, rng: Random) -> list[Any]:
    return Figure(site, rng, walking(rng), dress(rng)).meshes


def _stand(site: Site, person: list[Any], at: Any) -> None:
    for mesh in person:
        site.place(mesh, Label.PEDESTRIAN, at)


def _on_pavement(site: Site, rng: Random, company: list[list[Any]]) -> None:
    p = site.parameters
    along, side = 5 + 65 * rng.random() ** 1.6, rng.choice([-1, 1])
    clear = max(p.verge, 0.3)
    across = side * (p.half + clear + 0.5 + rng.random() * max(0.2, p.pave - clear - 1.1))
    if site.on_crossing(along, 1.2) or not site.free(along, across, 0.75, 0.65):
        return
    if math.hypot(along, across - p.camera_across) < KEPT_FREE:
        return
    site.take(along, across)
    heading = site.line.heading(along) + (math.pi if rng.random() < 0.5 else 0) + rng.gauss(0, 0.12)
    _stand(site, rng.choice(company), pose(site.line.point(along, across, 0.148), heading, rng.uniform(0.93, 1.05)))
    beside = across - side * 0.62
    if rng.random() < 0.3 and abs(beside) > p.half + 0.4 and site.free(along, beside, 0.5, 0.5):
        site.take(along, beside)
        place = site.line.point(along + 0.1, beside, 0.148)
        _stand(site, rng.choice(company), pose(place, heading + rng.gauss(0, 0.05), rng.uniform(0.9, 1.03)))


def _on_zebra(site: Site, rng: Random, person: list[Any], where: float) -> None:
    p = site.parameters
    across = rng.uniform(-p.half + 0.8, p.half - 0.8)
    place = site.line.point(where + rng.uniform(-1.2, 1.2), across, 0.05)
    heading = site.line.heading(where) + rng.choice([-1, 1]) * math.pi / 2
    _stand(site, person, pose(place, heading, rng.uniform(0.93, 1.04)))


def _cyclist(site: Site, rng: Random) -> None:
    p = site.parameters
    along, oncoming = rng.uniform(8, 34), rng.random() < 0.5
    across = (-1 if oncoming else 1) * (p.lane - rng.uniform(0.6, 1.0))
    if abs(across - p.camera_across) < 1.0 and along < 9:
        return
    heading = site.line.heading(along) + (math.pi if oncoming else 0)
    at = pose(site.line.point(along, across, 0.035), heading) @ Matrix.Rotation(rng.uniform(-0.03, 0.03), 4, "Y")
    rider = Figure(site, rng, riding(), dress(rng, cyclist=True)).meshes
    paint = (rng.uniform(0.02, 0.5), rng.uniform(0.02, 0.3), rng.uniform(0.02, 0.3))
    for mesh in [site.mesh("bicycle", bicycle), *rider]:
        site.place(mesh, Label.BICYCLIST, at, paint)
