"""The surface as glTF has it: the texture that is shown, else colours of vertices, and how rough it is."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray

from studio.document.look import Look
from studio.export.gltf.container import Binary, Json
from studio.export.note import licence_note
from studio.export.pictures import encode
from studio.flame.model import HeadModel
from studio.render.colours import to_linear
from studio.render.materials import materials_of
from studio.render.texture import read_albedo

CLAY = ("shaded", "flat", "wireframe")  # modes that show a surface of one colour
QUALITY = 95  # of 100
LINEAR, MIPMAPS = 9729, 9987  # samplers: GL's own numbers
EDGE = 33071


def picture_of(model: HeadModel, look: Look) -> NDArray[np.uint8] | None:
    """The texture (H, W, 3) that ``look`` shows, sRGB with its first row at the top; None without one.

    Raises:
        StudioError: a file cannot be read.

    """
    if look.mode in CLAY:
        return None
    picture = read_albedo(model, look.texture)
    return None if picture is None else np.ascontiguousarray(picture[::-1])


def vertex_colours(model: HeadModel, look: Look) -> NDArray[np.float32] | None:
    """Linear colours (V, 3) of a head that is shown as skin and has no texture; None where clay is shown."""
    if look.mode in CLAY:
        return None
    return to_linear(materials_of(model).tints.astype(np.float64)).astype(np.float32)


def add_material(binary: Binary, model: HeadModel, look: Look, picture: NDArray[np.uint8] | None) -> Json:
    """The members of the document that describe the surface, with ``picture`` embedded as JPEG.

    Both sides are drawn: a head is open at its neck.
    """
    surface: Json = {"metallicFactor": 0.0, "roughnessFactor": roughness(look)}
    members: Json = {}
    if picture is not None:
        surface["baseColorTexture"] = {"index": 0}
        members = {
            "textures": [{"sampler": 0, "source": 0}],
            "samplers": [{"magFilter": LINEAR, "minFilter": MIPMAPS, "wrapS": EDGE, "wrapT": EDGE}],
            "images": [
                {"name": "skin", "mimeType": "image/jpeg", "bufferView": binary.view(_jpeg(picture, model))}
            ],
        }
    elif look.mode in CLAY:
        surface["baseColorFactor"] = [*to_linear(np.array(look.clay)).tolist(), 1.0]
    name = "clay" if look.mode in CLAY else "skin"
    material = {"name": name, "pbrMetallicRoughness": surface, "doubleSided": True}
    return {"materials": [material], **members}


def roughness(look: Look) -> float:
    """How rough the surface is, 0..1: that of the look's highlights, and 1 where it has none."""
    finish = look.finish
    gloss = min(max(finish.gloss, 0.0), 1.0)
    return round(1.0 - gloss * (1.0 - min(max(finish.roughness, 0.0), 1.0)), 6)


def _jpeg(picture: NDArray[np.uint8], model: HeadModel) -> bytes:
    memory = io.BytesIO()
    opaque = np.full((*picture.shape[:2], 1), 255, np.uint8)
    encode(memory, "JPEG", np.concatenate([picture, opaque], axis=2), licence_note(model), QUALITY)
    return memory.getvalue()
