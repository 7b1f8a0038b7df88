"""What one drives and walks on. Meshes of the ground store (across, along) in metres as the coordinates `st`."""

from __future__ import annotations

from scenes.colour import linear, scaled
from scenes.materials.nodes import Nodes, Socket

SLABS = {"slab": (0.5, 0.35), "small": (0.2, 0.1), "sett": (0.12, 0.11), "big": (0.9, 0.6)}
SLAB_COLOURS = {
    "slab": ("#8c8880", "#a8a297"),
    "small": ("#86675a", "#9c8272"),
    "sett": ("#6a6865", "#8e8a85"),
    "big": ("#97948d", "#aaa59b"),
}


def asphalt(n: Nodes, _: str) -> Socket:
    """Stones in bitumen, worn in the wheel tracks, patched, cracked, and grimy along the kerbs."""
    seed = n.parameters.seed
    p = n.shift(n.world(), (seed * 13.7 % 900, seed * 7.1 % 900, 0))
    across, along, _ = n.xyz(n.uv("st"))
    grain = n.noise(p, 110.0, 2, 0.7)
    stones = n.cells(p, 85.0)["Distance"]
    broad, fine = n.noise(p, 0.45, 5, 0.6), n.noise(p, 2.3, 5, 0.6, 0.4)
    streaks = n.noise(n.vector(n.mul(across, 2.2), n.mul(along, 0.10)), 1.0, 4, 0.6)
    colour = n.mix(n.ramp(broad, 0.32, 0.68), linear("#575550"), linear("#75726b"))
    colour = n.mix(n.ramp(fine, 0.35, 0.75, 0, 0.45), colour, linear("#4b4a48"))
    colour = n.mix(n.ramp(streaks, 0.35, 0.7, 0, 0.5), colour, linear("#6a6761"))
    colour = n.mix(n.ramp(grain, 0.35, 0.75, 0.0, 0.6), colour, linear("#918d84"))
    colour = n.mix(n.ramp(stones, 0.0, 0.35, 0.5, 0.0), colour, linear("#35342f"))
    colour = n.mix(n.mul(_wheel_tracks(n, across), 0.32), colour, linear("#8a867d"))
    patch, shade, seam = _patches(n, across, along)
    colour = n.mix(n.mul(patch, 0.55), colour, n.mix(shade, linear("#3e3d3c"), linear("#6b6862")))
    cracks = n.math("MAXIMUM", n.mul(seam, 0.7), _cracks(n, p))
    colour = n.mix(n.mul(cracks, n.ramp(fine, 0.35, 0.65, 0.2, 0.65)), colour, linear("#2e2d2b"))
    colour = n.mix(n.step(n.noise(p, 1.7, 4, 0.7), 0.62, 0.72, 0, 0.5), colour, linear("#2b2b2a"))
    gutter = n.step(n.sub(n.attribute("half"), n.size(across)), 0.55, 0.0)
    colour = n.mix(n.mul(gutter, n.ramp(fine, 0.3, 0.7, 0.35, 0.9)), colour, linear("#3b362f"))
    colour = n.hsv(colour, value=0.84)
    relief = n.add(n.mul(grain, 0.6), n.mul(stones, 0.8))
    if not n.parameters.wet:
        rough = n.ramp(fine, 0.3, 0.7, 0.80, 0.93)
        return n.surface(colour, rough, n.bump(relief, 0.75, 0.007), specular=0.35)
    pool = n.step(n.add(n.noise(p, 0.35, 4, 0.55), n.mul(gutter, 0.10)), 0.55, 0.68)
    colour = n.mix(n.mul(pool, 0.5), n.mix(0.62, colour, n.hsv(colour, value=0.25)), linear("#1c1c1d"))
    rough = n.mix_number(pool, n.ramp(fine, 0.3, 0.7, 0.26, 0.48), 0.06)
    return n.surface(colour, rough, n.bump(relief, n.mul(n.sub(1.0, pool), 0.45), 0.004))


def _wheel_tracks(n: Nodes, across: Socket) -> Socket:
    lane = n.math("PINGPONG", n.add(across, 0.75), 1.5)
    return n.step(n.size(n.sub(lane, 0.75)), 0.35, 0.05)


def _patches(n: Nodes, across: Socket, along: Socket) -> tuple[Socket, Socket, Socket]:
    """Rectangles cut out and filled anew: where, how light, and their seams."""
    at = n.vector(n.mul(across, 0.33), n.mul(along, 0.11), float(n.parameters.seed))
    cell = n.cells(at, 1.0, distance="CHEBYCHEV")
    choice, shade, _ = n.xyz(cell["Color"])
    some = n.above(choice, 0.88)
    seam = n.step(n.size(n.sub(cell["Distance"], 0.30)), 0.010, 0.002)
    return n.mul(n.below(cell["Distance"], 0.30), some), shade, n.mul(seam, some)


def _cracks(n: Nodes, p: Socket) -> Socket:
    """Long cracks here, a net of fine ones there, and mostly none."""
    wander = n.node("TexNoise", {"Vector": p, "Scale": 1.3, "Detail": 4.0}).outputs[1]
    warped = n.shift(p, n.stretch(wander, 0.9))
    long = n.step(n.cells(warped, 0.33, "DISTANCE_TO_EDGE")[0], 0.006, 0.0015)
    net = n.step(n.cells(warped, 1.9, "DISTANCE_TO_EDGE")[0], 0.020, 0.004)
    long = n.mul(long, n.step(n.noise(p, 0.16, 2), 0.52, 0.62))
    return n.math("MAXIMUM", long, n.mul(n.mul(net, n.step(n.noise(p, 0.22, 3), 0.61, 0.70)), 0.6))


def marking(n: Nodes, colour: str) -> Socket:
    """Road paint, white (`w`) or yellow (`y`), worn through in places."""
    p = n.world()
    wear = n.add(
        n.ramp(n.noise(p, 3.0, 6, 0.7), 0.3, 0.7, 0.0, 0.75), n.ramp(n.noise(p, 45.0, 3, 0.7), 0.3, 0.75, -0.2, 0.4)
    )
    paint = linear("#c9c6bd" if colour == "w" else "#b98f2c")
    shade = n.mix(n.ramp(n.noise(p, 6.0, 4), 0.3, 0.7), paint, scaled(paint, 0.72))
    wet = n.parameters.wet
    surface = n.surface(n.hsv(shade, value=0.75 if wet else 1.0), 0.35 if wet else 0.65)
    return n.blend(n.step(wear, 0.72, 0.38), n.clear(), surface)


def paving(n: Nodes, kind: str) -> Socket:
    """Slabs, setts or bricks, with joints, dirt and old chewing gum."""
    p = n.world()
    width, height = SLABS[kind]
    pick, joint = n.bricks(n.uv("st"), width, height, 0.005 if kind == "small" else 0.010)
    light, dark = (linear(code) for code in SLAB_COLOURS[kind])
    colour = n.mix(pick, light, dark)
    colour = n.mix(n.ramp(n.noise(p, 0.9, 6, 0.65), 0.38, 0.72, 0.0, 0.65), colour, linear("#5d574d"))
    gum = n.mul(n.step(n.cells(p, 3.1)["Distance"], 0.075, 0.055), n.step(n.noise(p, 0.7, 2), 0.5, 0.6))
    colour = n.mix(n.mul(gum, 0.45), colour, linear("#4b4740"))
    colour = n.mix(n.ramp(n.noise(p, 70.0, 3, 0.7), 0.3, 0.7, 0, 0.4), colour, linear("#6f6a61"))
    colour = n.mix(n.mul(joint, 0.75), colour, linear("#474238"))
    if not n.parameters.wet:
        relief = n.sub(n.noise(p, 60.0, 3), n.mul(joint, 2.0))
        return n.surface(colour, 0.88, n.bump(relief, 0.5, 0.006), specular=0.3)
    pool = n.step(n.noise(p, 0.6, 3), 0.52, 0.6)
    normal = n.bump(joint, n.sub(0.5, n.mul(pool, 0.45)), -0.005)
    return n.surface(n.mix(0.55, colour, n.hsv(colour, value=0.35)), n.mix_number(pool, 0.5, 0.07), normal)


def kerb(n: Nodes, _: str) -> Socket:
    """Kerb stones, a metre long each."""
    p = n.world()
    _, along, _ = n.xyz(n.uv("st"))
    joint = n.step(n.size(n.sub(n.math("FRACT", along), 0.5)), 0.488, 0.496)
    colour = n.mix(n.hash(n.vector(along, 0.0)), linear("#85817a"), linear("#a39f95"))
    colour = n.mix(n.ramp(n.noise(p, 3.0, 6, 0.7), 0.35, 0.7, 0, 0.65), colour, linear("#5f5a51"))
    colour = n.mix(n.mul(joint, 0.8), colour, linear("#33302b"))
    wet = float(n.parameters.wet)
    return n.surface(n.hsv(colour, value=1 - 0.45 * wet), 0.8 - 0.5 * wet, n.bump(n.noise(p, 30.0, 4), 0.4, 0.01))


def grass(n: Nodes, _: str) -> Socket:
    """The soil and short grass under the blades."""
    p = n.world()
    colour = n.mix(n.ramp(n.noise(p, 1.2, 6, 0.7), 0.3, 0.7), linear("#3a4620"), linear("#5c6030"))
    colour = n.mix(n.ramp(n.noise(p, 0.5, 4, 0.7), 0.58, 0.72, 0, 0.8), colour, linear("#6a5a40"))
    colour = n.mix(n.ramp(n.noise(p, 40.0, 3, 0.7), 0.4, 0.7, 0, 0.8), colour, linear("#74763f"))
    colour = n.mix(n.ramp(n.noise(p, 90.0, 2, 0.7), 0.5, 0.3, 0, 0.6), colour, linear("#20280f"))
    return n.surface(colour, 0.95, n.bump(n.noise(p, 60.0, 4), 1.0, 0.06), specular=0.1)
