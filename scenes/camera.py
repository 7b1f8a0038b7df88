"""Where the camera stands and looks."""

from __future__ import annotations

import math

import bpy
from mathutils import Euler

from scenes.site import Site
from scenes.street.ground import surface_height

SENSOR = 36.0


def build(site: Site) -> None:
    """Set up the scene's camera as its parameters say."""
    p = site.parameters
    camera = bpy.data.cameras.new("camera")
    camera.sensor_width, camera.lens, camera.clip_end = SENSOR, p.lens, 2000
    thing = bpy.data.objects.new("camera", camera)
    thing.location = site.line.point(0.0, p.camera_across, surface_height(site, p.camera_across) + p.camera_height)
    thing.rotation_euler = Euler((math.radians(90 + p.pitch), math.radians(p.roll), math.radians(-p.yaw)), "XYZ")
    bpy.context.scene.collection.objects.link(thing)
    bpy.context.scene.camera = thing
