"""From parameters to a Blender scene."""

from __future__ import annotations

import bpy

from scenes import camera, sky
from scenes.buildings import rows
from scenes.furniture import barriers, lamps, signals, signs, small
from scenes.parameters import Parameters
from scenes.people import crowd
from scenes.plants import planting
from scenes.site import Site
from scenes.street import ground, ironwork, litter, markings
from scenes.vehicles import traffic


def build(parameters: Parameters) -> None:
    """Build the scene in a Blender that is emptied before; fixed objects are placed before those that avoid them."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    site = Site(parameters)
    for part in (
        ground.lay,
        markings.paint,
        ironwork.lay,
        litter.scatter,
        rows.build,
        lamps.place,
        signs.place,
        signals.place,
        small.bollards,
        small.bins_and_cabinets,
        small.cafe_tables,
        barriers.enclose_gardens,
        planting.populate,
        traffic.populate,
        crowd.populate,
        sky.build,
        camera.build,
    ):
        part(site)
