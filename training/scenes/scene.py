"""From parameters to a Blender scene."""

from __future__ import annotations

import bpy

from training.scenes import camera, sky
from training.scenes.buildings import rows
from training.scenes.furniture import barriers, lamps, signals, signs, small
from training.scenes.parameters import Parameters
from training.scenes.people import crowd
from training.scenes.plants import planting
from training.scenes.site import Site
from training.scenes.street import ground, ironwork, litter, markings
from training.scenes.vehicles import traffic


def build(parameters: Parameters) -> None:
    """Build the scene in a Blender that is emptied before; what stands in one's way is placed before what gives way."""
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
