"""What each vertex of a head is made of, told from the model's regions and weights."""

from __future__ import annotations

from colorsys import hsv_to_rgb
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.flame.model import HeadModel
from studio.render.iris import REACH

Array = NDArray[np.float32]

LEFT_EYE, RIGHT_EYE = 3, 4  # joints

# part of a region's name -> material; later rows win where regions overlap
NAMES = (
    ("lips", "lips"),
    ("cavity", "cavity"),
    ("gum", "gums"),
    ("tongue", "tongue"),
    ("teeth", "teeth"),
    ("eyeball", "eye"),
    ("lash", "lash"),
)
TINTS = {  # sRGB, for models without a texture
    "skin": (0.79, 0.65, 0.58),
    "lips": (0.71, 0.48, 0.46),
    "cavity": (0.45, 0.19, 0.18),
    "gums": (0.74, 0.42, 0.41),
    "tongue": (0.76, 0.44, 0.43),
    "teeth": (0.93, 0.90, 0.84),
    "eye": (0.93, 0.92, 0.90),
    "lash": (0.16, 0.12, 0.11),
}
# how much of each kind of surface: gloss of lips, of eyes, wetness, darkness inside the mouth
TRAITS = {
    "skin": (0.0, 0.0, 0.0, 0.0),
    "lips": (1.0, 0.0, 0.0, 0.0),
    "cavity": (0.0, 0.0, 0.7, 1.0),
    "gums": (0.0, 0.0, 1.0, 0.45),
    "tongue": (0.0, 0.0, 0.8, 0.3),
    "teeth": (0.0, 0.0, 1.0, 0.15),
    "eye": (0.0, 1.0, 0.0, 0.0),
    "lash": (0.0, 0.0, 0.0, 0.5),
}
UNNAMED = (0.55, 0.56, 0.58)
OFF_EYE = -4.0  # texture coordinate of all that is no eyeball, far outside the iris


@dataclass(frozen=True, eq=False)
class Materials:
    """Per-vertex attributes of V vertices."""

    traits: Array  # (V, 4) lip gloss, eye, wetness, mouth darkness; 0..1
    tints: Array  # (V, 3) sRGB, for heads without a texture
    region_colours: Array  # (V, 3) sRGB
    eyes: Array  # (V, 2) 1 on the left and on the right eyeball
    eye_texcoords: Array  # (V, 2) into the picture of an iris


def materials_of(model: HeadModel) -> Materials:
    """The materials of a model's vertices.

    Eyeballs that no region names are told by their skinning weights.
    """
    kinds = np.full(model.vertex_count, "skin", dtype="U6")
    on_eyes = np.asarray(model.lbs_weights[:, [LEFT_EYE, RIGHT_EYE]]).max(axis=1) > 0.9
    kinds[on_eyes] = "eye"
    for part, kind in NAMES:
        for name, vertices in model.regions.items():
            if part in name.lower():
                kinds[vertices] = kind
    traits = np.zeros((model.vertex_count, 4), dtype=np.float32)
    tints = np.zeros((model.vertex_count, 3), dtype=np.float32)
    for kind, values in TRAITS.items():
        traits[kinds == kind] = values
        tints[kinds == kind] = TINTS[kind]
    eyes = (kinds == "eye")[:, None] & (model.lbs_weights[:, [LEFT_EYE, RIGHT_EYE]] > 0.5)
    texcoords = _eye_texcoords(model, eyes)
    return Materials(traits, tints, _region_colours(model), eyes.astype(np.float32), texcoords)


def region_palette(model: HeadModel) -> dict[str, tuple[float, float, float]]:
    """The sRGB colour of each region in the regions mode."""
    return {name: _colour(index) for index, name in enumerate(sorted(model.regions))}


def _colour(index: int) -> tuple[float, float, float]:
    """The golden ratio keeps the hues of any number of neighbours in the list far apart."""
    saturation, value = ((0.44, 0.84), (0.36, 0.76), (0.50, 0.70))[index % 3]
    return hsv_to_rgb((0.60 + 0.618034 * index) % 1.0, saturation, value)


def region_ids(model: HeadModel) -> NDArray[np.int32]:
    """The region (V,) of each vertex: its place in the sorted names, -1 where none names it.

    Where regions overlap, the smallest is meant.
    """
    ids = np.full(model.vertex_count, -1, dtype=np.int32)
    places = {name: place for place, name in enumerate(sorted(model.regions))}
    for name in sorted(model.regions, key=lambda region: -len(model.regions[region])):
        ids[model.regions[name]] = places[name]
    return ids


def _region_colours(model: HeadModel) -> Array:
    colours = [*region_palette(model).values(), UNNAMED]
    return np.array(colours, dtype=np.float32)[region_ids(model)]


def _eye_texcoords(model: HeadModel, eyes: NDArray[np.bool_]) -> Array:
    """Coordinates (V, 2) into the picture of an iris; everything but the eyeballs lies outside it."""
    texcoords = np.full((model.vertex_count, 2), OFF_EYE, dtype=np.float32)
    for joint, mine in zip((LEFT_EYE, RIGHT_EYE), eyes.T, strict=True):
        if mine.any():
            offsets = model.v_template[mine] - model.j_regressor[joint] @ model.v_template
            texcoords[mine] = 0.5 + _from_pupil(offsets) / (2.0 * REACH)
    return texcoords


def _from_pupil(offsets: Array) -> Array:
    """Right and up (N, 2) of the pupil in radii of the eyeball; the far half unrolled around the near one."""
    radius = np.linalg.norm(offsets, axis=1, keepdims=True)
    across = offsets[:, :2] / np.maximum(radius, 1e-9)
    reach = np.linalg.norm(across, axis=1, keepdims=True)
    unrolled = np.where(offsets[:, 2:] > 0.0, reach, 2.0 - reach)
    return across / np.maximum(reach, 1e-6) * unrolled
