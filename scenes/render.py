"""Rendering the built scene: the light that reaches the camera, and the class of what each pixel shows."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from scenes.label import Label

Size = tuple[int, int]
"""Width and height in pixels."""


def light(size: Size, samples: int, threads: int) -> NDArray[np.float32]:
    """The scene's linear RGB light, H×W×3, from at most `samples` paths for each pixel, denoised."""
    _settings(size, threads)
    cycles = bpy.context.scene.cycles
    cycles.samples = samples
    cycles.use_adaptive_sampling, cycles.adaptive_threshold = True, 0.02
    cycles.adaptive_min_samples = max(8, samples // 3)
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    cycles.denoising_prefilter = "ACCURATE" if samples >= 16 else "FAST"  # accurate takes as long as some paths
    cycles.pixel_filter_type, cycles.filter_width = "BLACKMAN_HARRIS", 1.5
    return _rendered()


def labels(size: Size, threads: int) -> NDArray[np.uint8]:
    """The class of what the ray through each pixel's middle meets, H×W.

    The same camera and geometry as `light`, one ray a pixel, every surface shining with its class's number, so that
    leaves, spokes and railings are where the picture has them.
    """
    _settings(size, threads)
    cycles = bpy.context.scene.cycles
    cycles.samples, cycles.use_adaptive_sampling, cycles.use_denoising = 1, False, False
    cycles.pixel_filter_type, cycles.filter_width = "BOX", 0.01
    cycles.sample_clamp_direct = 0
    with _only_classes():
        numbers = np.rint(_rendered()[..., 0]).astype(np.int32)
    return np.where(numbers == 0, int(Label.SKY), numbers - 1).astype(np.uint8)


@contextmanager
def _only_classes() -> Iterator[None]:
    """Every surface emits its class + 1, so that the empty background (0) stays apart; lamps and sky are off."""
    scene = bpy.context.scene
    world, lamps = scene.world, [thing for thing in scene.objects if thing.type == "LIGHT"]
    scene.world = _night()
    scene.view_layers[0].material_override = _class_material()
    for lamp in lamps:
        lamp.hide_render = True
    yield
    for lamp in lamps:
        lamp.hide_render = False
    scene.view_layers[0].material_override = None
    scene.world = world


def _night() -> Any:
    world = bpy.data.worlds.new("night")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs[1].default_value = 0
    return world


def _class_material() -> Any:
    material = bpy.data.materials.new("class")
    material.use_nodes = True
    material.cycles.emission_sampling = "NONE"  # or every triangle of the scene would be sorted in as a lamp
    tree = material.node_tree
    tree.nodes.clear()
    output, emission, thing, plus_one = (
        tree.nodes.new(f"ShaderNode{kind}") for kind in ("OutputMaterial", "Emission", "ObjectInfo", "Math")
    )
    plus_one.inputs[1].default_value = 1.0
    tree.links.new(thing.outputs["Object Index"], plus_one.inputs[0])
    tree.links.new(plus_one.outputs[0], emission.inputs[0])
    tree.links.new(emission.outputs[0], output.inputs[0])
    return material


def _settings(size: Size, threads: int) -> None:
    """What both renders have in common: Cycles on the CPU, short light paths, ambient light approximated."""
    scene = bpy.context.scene
    render, cycles = scene.render, scene.cycles
    render.engine = "CYCLES"
    render.resolution_x, render.resolution_y = size
    render.resolution_percentage = 100
    render.threads_mode, render.threads = "FIXED", threads
    render.use_persistent_data = True
    cycles.device = "CPU"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 4, 2, 2
    cycles.transmission_bounces, cycles.transparent_max_bounces = 2, 8
    cycles.use_fast_gi, cycles.fast_gi_method = True, "REPLACE"
    cycles.ao_bounces = cycles.ao_bounces_render = 1
    scene.world.light_settings.distance = 8.0
    cycles.sample_clamp_indirect, cycles.sample_clamp_direct = 6.0, 40.0
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.use_light_tree = True


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the lines that Blender prints for every sample off the standard output."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _rendered() -> NDArray[np.float32]:
    """Render into a file and read it back: bpy gives no other way to the numbers."""
    image_settings = bpy.context.scene.render.image_settings
    image_settings.file_format, image_settings.color_mode, image_settings.color_depth = "OPEN_EXR", "RGB", "32"
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "render.exr")
        bpy.context.scene.render.filepath = path
        with _quiet():
            bpy.ops.render.render(write_still=True)
        image = bpy.data.images.load(path)
        image.colorspace_settings.name = "Non-Color"
        width, height = image.size
        pixels = np.empty(width * height * 4, np.float32)
        image.pixels.foreach_get(pixels)
        bpy.data.images.remove(image)
    return pixels.reshape(height, width, 4)[::-1, :, :3].copy()
