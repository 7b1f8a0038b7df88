"""Sky, clouds and sun."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import Any

import bpy
from mathutils import Euler

from scenes.colour import linear, scaled
from scenes.materials.nodes import Nodes, Socket
from scenes.site import Site


@dataclass(frozen=True)
class Light:
    """The sun in degrees, and how strong it and the sky shine."""

    elevation: float
    azimuth: float
    """Clockwise from the direction of the camera."""
    sun: float
    softness: float
    sky: float


def light(rng: Random, mood: str) -> Light:
    """A sun for a mood, kept out of the picture."""
    azimuth = rng.uniform(55, 150) * rng.choice([-1, 1])
    if mood == "sunny":
        elevation = rng.uniform(18, 48)
        return Light(elevation, azimuth, 3.4 + 1.6 * math.sin(math.radians(elevation)), 0.6, 0.115)
    if mood == "overcast":
        return Light(40.0, azimuth, 0.5, 35.0, 1.0)
    if mood == "rain":
        return Light(rng.uniform(20, 35), azimuth, 0.9, 6.0, 0.13)
    return Light(rng.uniform(0.5, 2.5), azimuth, 0.10, 3.0, 0.35)


def build(site: Site) -> None:
    """Set the world's background and hang up the sun."""
    rng = site.random("sky")
    mood = site.parameters.mood
    shine = light(rng, mood)
    world = bpy.data.worlds.new("sky")
    bpy.context.scene.world = world
    world.use_nodes = True
    # The map that aims rays at bright sky: smaller than Blender would make it, and much sooner there.
    world.cycles.sampling_method, world.cycles.sample_map_resolution = "MANUAL", 256
    nodes = Nodes(world.node_tree, site)
    colour = _overcast(nodes, rng) if mood == "overcast" else _clouded(nodes, rng, mood, shine)
    background = nodes.node("Background", {0: colour, 1: shine.sky})
    nodes.link(background.outputs[0], nodes.node("OutputWorld").inputs[0])
    _sun(shine, mood)


def _sun(shine: Light, mood: str) -> None:
    lamp = bpy.data.lights.new("sun", "SUN")
    warm = max(0.0, 1 - shine.elevation / 45)
    lamp.color = (1, 0.98, 0.95) if mood == "overcast" else (1.0, 0.93 - 0.22 * warm, 0.84 - 0.45 * warm)
    lamp.energy, lamp.angle = shine.sun, math.radians(shine.softness)
    thing = bpy.data.objects.new("sun", lamp)
    # A sun lamp shines along its -z: turn it to come from where the sky has its sun.
    turn = math.pi - math.radians(shine.azimuth)
    thing.rotation_euler = Euler((math.radians(90 - max(shine.elevation, 3)), 0, turn), "XYZ")
    bpy.context.scene.collection.objects.link(thing)


def _dome(n: Nodes, rng: Random) -> tuple[Socket, Socket, Socket]:
    """Coarse and fine cloud noise on a flat ceiling seen from below, and how high one looks (0 to 1)."""
    x, y, up = n.xyz(n.node("TexCoord").outputs["Generated"])
    distance = n.add(n.math("MAXIMUM", up, 0.015), 0.12)
    ceiling = n.vector(n.math("DIVIDE", x, distance), n.math("DIVIDE", y, distance), rng.uniform(0, 50))
    return n.noise(ceiling, 0.55, 9, 0.55, 0.3), n.noise(ceiling, 1.7, 6, 0.6), up


def _overcast(n: Nodes, rng: Random) -> Socket:
    coarse, _, up = _dome(n, rng)
    cloud = n.mix(n.step(coarse, 0.3, 0.7), linear("#b4bcc6"), scaled(linear("#e8ecf0"), 1.25))
    return n.mix(n.step(up, 0.0, 0.7, 0.0, 0.5), cloud, scaled(linear("#f4f6f8"), 1.5))


def _clouded(n: Nodes, rng: Random, mood: str, shine: Light) -> Socket:
    sky: Any = n.node(
        "TexSky",
        sky_type="NISHITA",
        sun_disc=False,
        sun_elevation=math.radians(shine.elevation),
        sun_rotation=math.radians(shine.azimuth),
        altitude=80,
        air_density=1.0,
        dust_density=2.4 if mood == "dusk" else 1.0,
        ozone_density=1.0,
    )
    coarse, fine, up = _dome(n, rng)
    cover = {
        "sunny": rng.choice([(0.58, 0.78), (0.50, 0.72), (0.66, 0.85)]),
        "rain": (0.36, 0.60),
        "dusk": (0.48, 0.75),
    }
    bright = {"sunny": 8.5, "rain": 5.0, "dusk": 0.75}[mood]
    dark, light_ = {
        "sunny": ("#b9c2cf", "#ffffff"),
        "rain": ("#7d8793", "#d9dee4"),
        "dusk": ("#56536b", "#d29a86"),
    }[mood]
    cloud = n.mix(n.step(fine, 0.3, 0.7), scaled(linear(dark), bright), scaled(linear(light_), bright))
    mask = n.mul(n.step(coarse, *cover[mood]), n.step(up, -0.02, 0.18, 0.45, 1.0))
    return n.mix(mask, sky.outputs[0], cloud)
