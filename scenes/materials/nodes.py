"""Short spellings for Blender's shader nodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import bpy
from PIL import Image

from scenes.parameters import Parameters

Socket = Any
"""What a node gives: a number, a colour, a vector or a shader. Wherever one is taken, a plain value may be given."""


class Scene(Protocol):
    """What a material needs of the scene that it is made for; `scenes.site.Site` is one."""

    @property
    def parameters(self) -> Parameters:
        """The scene's."""

    def image(self, key: str, draw: Callable[[], Image.Image], colour: bool = True) -> Any:
        """A texture, drawn once; `colour` says whether it holds sRGB or plain numbers."""


class Nodes:
    """A node tree under construction: each method adds a node and returns what comes out of it."""

    def __init__(self, tree: Any, site: Scene) -> None:
        self.tree = tree
        self.tree.nodes.clear()
        self.site = site

    @property
    def parameters(self) -> Parameters:
        """The scene's."""
        return self.site.parameters

    def node(self, kind: str, inputs: dict[Any, Any] | None = None, **attributes: Any) -> Any:
        """A node by Blender's name of it, without its `ShaderNode`."""
        node = self.tree.nodes.new("ShaderNode" + kind)
        for name, value in attributes.items():
            setattr(node, name, value)
        for key, value in (inputs or {}).items():
            self.set(node.inputs[key], value)
        return node

    def set(self, socket: Socket, value: Any) -> None:
        """Link a socket to another, or give it a value."""
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        elif socket.type == "RGBA":
            socket.default_value = (value, value, value, 1.0) if isinstance(value, (int, float)) else (*value[:3], 1.0)
        else:
            socket.default_value = value

    def link(self, source: Socket, target: Socket) -> None:
        """Connect two sockets."""
        self.tree.links.new(source, target)

    # Where a point is

    def local(self) -> Socket:
        """The point in the thing's own coordinates."""
        return self.node("TexCoord").outputs["Object"]

    def local_normal(self) -> Socket:
        """The surface's normal in the thing's own coordinates."""
        return self.node("TexCoord").outputs["Normal"]

    def world(self) -> Socket:
        """The point in the world's coordinates."""
        return self.node("NewGeometry").outputs["Position"]

    def uv(self, name: str) -> Socket:
        """A stored pair of coordinates."""
        return self.node("UVMap", uv_map=name).outputs[0]

    def attribute(self, name: str) -> Socket:
        """A number stored in the mesh."""
        return self.node("Attribute", attribute_name=name).outputs["Fac"]

    def thing(self, what: str) -> Socket:
        """The thing's `Color`, `Alpha` (whether it is lit) or `Random`."""
        return self.node("ObjectInfo").outputs[what]

    # Vectors

    def vector(self, x: Any, y: Any, z: Any = 0.0) -> Socket:
        """A vector of three numbers."""
        return self.node("CombineXYZ", {0: x, 1: y, 2: z}).outputs[0]

    def xyz(self, vector: Socket) -> tuple[Socket, Socket, Socket]:
        """The three numbers of a vector."""
        outputs = self.node("SeparateXYZ", {0: vector}).outputs
        return outputs[0], outputs[1], outputs[2]

    def stretch(self, vector: Any, by: Any) -> Socket:
        """A vector times a number or, each by each, three."""
        by = (by, by, by) if isinstance(by, (int, float)) else by
        return self.node("VectorMath", {0: vector, 1: by}, operation="MULTIPLY").outputs[0]

    def shift(self, vector: Any, by: Any) -> Socket:
        """A vector plus another."""
        return self.node("VectorMath", {0: vector, 1: by}, operation="ADD").outputs[0]

    # Numbers

    def math(self, operation: str, a: Any, b: Any = 0.0, c: Any = 0.0) -> Socket:
        """One of Blender's arithmetic operations."""
        return self.node("Math", {0: a, 1: b, 2: c}, operation=operation).outputs[0]

    def add(self, a: Any, b: Any) -> Socket:
        """A + b."""
        return self.math("ADD", a, b)

    def sub(self, a: Any, b: Any) -> Socket:
        """A - b."""
        return self.math("SUBTRACT", a, b)

    def mul(self, a: Any, b: Any) -> Socket:
        """A · b, which is also "a and b" of two masks."""
        return self.math("MULTIPLY", a, b)

    def above(self, a: Any, b: Any) -> Socket:
        """1 where a > b, else 0."""
        return self.math("GREATER_THAN", a, b)

    def below(self, a: Any, b: Any) -> Socket:
        """1 where a < b, else 0."""
        return self.math("LESS_THAN", a, b)

    def size(self, a: Any) -> Socket:
        """|a|."""
        return self.math("ABSOLUTE", a)

    def step(self, x: Any, low: float, high: float, start: Any = 0.0, end: Any = 1.0) -> Socket:
        """From `start` to `end` smoothly as x goes from `low` to `high`."""
        return self._range(x, low, high, start, end, "SMOOTHSTEP")

    def ramp(self, x: Any, low: float, high: float, start: Any = 0.0, end: Any = 1.0) -> Socket:
        """From `start` to `end` in proportion as x goes from `low` to `high`."""
        return self._range(x, low, high, start, end, "LINEAR")

    def _range(self, x: Any, low: float, high: float, start: Any, end: Any, how: str) -> Socket:
        inputs = {"Value": x, "From Min": low, "From Max": high, "To Min": start, "To Max": end}
        return self.node("MapRange", inputs, interpolation_type=how).outputs[0]

    # Patterns

    def noise(
        self, vector: Any, scale: float, detail: float = 3.0, rough: float = 0.55, distortion: float = 0.0
    ) -> Socket:
        """Perlin noise of several octaves, about 0.3 to 0.7."""
        inputs = {"Vector": vector, "Scale": scale, "Detail": detail, "Roughness": rough, "Distortion": distortion}
        return self.node("TexNoise", inputs).outputs[0]

    def cells(self, vector: Any, scale: float, feature: str = "F1", **attributes: Any) -> Any:
        """Voronoi cells: outputs `Distance` and `Color`."""
        return self.node("TexVoronoi", {"Vector": vector, "Scale": scale}, feature=feature, **attributes).outputs

    def hash(self, vector: Any) -> Socket:
        """A random number for each whole cell of a vector."""
        floor = self.node("VectorMath", {0: vector}, operation="FLOOR").outputs[0]
        return self.node("TexWhiteNoise", {"Vector": floor}).outputs[0]

    def bricks(
        self, vector: Any, width: float, height: float, joint: float, soft: float = 0.3
    ) -> tuple[Socket, Socket]:
        """Courses of bricks: a random number for each, and 1 in the joints."""
        inputs = {
            "Vector": vector,
            "Scale": 1.0,
            "Mortar Size": joint,
            "Mortar Smooth": soft,
            "Bias": 0.0,
            "Brick Width": width,
            "Row Height": height,
            "Color1": 0.0,
            "Color2": 1.0,
            "Mortar": 0.5,
        }
        outputs = self.node("TexBrick", inputs).outputs
        return outputs[0], outputs[1]

    # Colours and surfaces

    def mix(self, share: Any, a: Any, b: Any) -> Socket:
        """A colour between a and b."""
        node = self.node("Mix", data_type="RGBA")
        for index, value in ((0, share), (6, a), (7, b)):
            self.set(node.inputs[index], value)
        return node.outputs[2]

    def mix_number(self, share: Any, a: Any, b: Any) -> Socket:
        """A number between a and b."""
        return self.node("Mix", {0: share, 2: a, 3: b}).outputs[0]

    def hsv(self, colour: Any, hue: Any = 0.5, saturation: Any = 1.0, value: Any = 1.0) -> Socket:
        """A colour of other hue (0.5: the same), saturation and value (factors)."""
        inputs = {"Color": colour, "Hue": hue, "Saturation": saturation, "Value": value}
        return self.node("HueSaturation", inputs).outputs[0]

    def bump(self, height: Any, strength: Any, distance: float) -> Socket:
        """The normal of a surface with such a relief, `distance` metres deep."""
        return self.node("Bump", {"Height": height, "Strength": strength, "Distance": distance}).outputs[0]

    def surface(
        self, colour: Any, rough: Any = 0.7, normal: Any = None, metal: float = 0.0, specular: float = 0.5, **more: Any
    ) -> Socket:
        """A surface by Blender's principled model."""
        inputs = {"Base Color": colour, "Roughness": rough, "Metallic": metal, "Specular IOR Level": specular}
        if normal is not None:
            inputs["Normal"] = normal
        inputs |= {name.replace("_", " "): value for name, value in more.items()}
        return self.node("BsdfPrincipled", inputs).outputs[0]

    def clear(self, colour: Any = 1.0) -> Socket:
        """Lets light through, coloured."""
        return self.node("BsdfTransparent", {"Color": colour}).outputs[0]

    def gloss(self, colour: Any, rough: float, normal: Any = None) -> Socket:
        """Mirrors."""
        inputs: dict[Any, Any] = {"Color": colour, "Roughness": rough}
        if normal is not None:
            inputs["Normal"] = normal
        return self.node("BsdfGlossy", inputs).outputs[0]

    def glow(self, colour: Any, strength: Any) -> Socket:
        """Shines by itself."""
        return self.node("Emission", {"Color": colour, "Strength": strength}).outputs[0]

    def fresnel(self, index: float, normal: Any = None) -> Socket:
        """The share of light that a surface of that refractive index reflects."""
        inputs: dict[Any, Any] = {"IOR": index}
        if normal is not None:
            inputs["Normal"] = normal
        return self.node("Fresnel", inputs).outputs[0]

    def blend(self, share: Any, a: Socket, b: Socket) -> Socket:
        """A surface between a and b."""
        return self.node("MixShader", {0: share, 1: a, 2: b}).outputs[0]

    def both(self, a: Socket, b: Socket) -> Socket:
        """The light of two surfaces together."""
        return self.node("AddShader", {0: a, 1: b}).outputs[0]
