"""The texture model of the open head: named components over its albedo map.

A component adds to the logarithm of absorption over scattering (Kubelka and Munk, 1931), so that a
pigment takes away the same share of the light whatever lies under it. Tints, how much a pigment
absorbs of red, green and blue, follow the shape of measured spectra: melanin absorbs the more the
shorter the wave, blood absorbs green and blue, carotene blue (Jacques, "Optical properties of
biological tissues", 2013); how strong they are was set by eye.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from . import pigments
from .albedo import SKIN_CHART, head_masks, lid_rims
from .assembly import ATLAS
from .bake import LICENCE, OpenHead
from .brows import brow_coverage
from .noise import smoothstep
from .paint_eyes import IRIS, PUPIL
from .source import Array
from .texels import Texels, rasterise, texels_of
from .write import write_npz

SIDE = 2048  # texels on a side of the map the windows are counted in
QUALITY = 88  # of the maps as JPEG
BOTH, UP = (-3.0, 3.0), (0.0, 3.0)
EDGE = 8  # texels around a window: coarser levels of the map reach beyond a chart
FACE = (0.20, 0.24, 0.80, 0.80)  # share of the skin's chart that shows the face: left, top, right, bottom


@dataclass(frozen=True)
class Map:
    """A grey picture: the name of its values, its part of the chart, texels of the chart per pixel."""

    name: str
    window: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    reduction: int = 2


@dataclass(frozen=True)
class Component:
    """A row of the model: ``tint`` is what a coefficient of 1 adds where the map is 1."""

    group: str
    name: str
    tip: str
    map: str
    tint: tuple[float, float, float]
    range: tuple[float, float] = BOTH


MAPS = (
    Map("melanin"), Map("blood"), Map("cheeks", FACE, 4), Map("carotene"), Map("blotches", reduction=4),
    Map("freckles", FACE, 1), Map("shadows", FACE, 2), Map("lips", FACE, 1), Map("beard", reduction=1),
    Map("brows", FACE, 1), Map("hair", reduction=1),
)  # fmt: skip
COMPONENTS = (
    Component(
        "Skin",
        "Skin tone",
        "Melanin, from very light to very dark",
        "melanin",
        (1.0, 0.80, 0.77),
        (-1.6, 3.2),
    ),
    Component("Skin", "Redness", "Blood under the skin", "blood", (0.07, 0.42, 0.35)),
    Component("Skin", "Cheeks", "Flushed or pale cheeks, nose and chin", "cheeks", (0.03, 0.26, 0.21)),
    Component("Skin", "Undertone", "Cool and rosy, or warm and golden", "carotene", (-0.03, -0.01, 0.12)),
    Component("Skin", "Uneven skin", "Blotches of more and less pigment", "blotches", (0.13, 0.15, 0.15), UP),
    Component("Skin", "Freckles", "Spots across nose and cheeks", "freckles", (0.56, 0.50, 0.46), UP),
    Component("Skin", "Eye shadows", "Dark circles under the eyes", "shadows", (0.30, 0.34, 0.26)),
    Component("Mouth", "Lips", "Pale or red lips", "lips", (0.07, 0.30, 0.24)),
    Component("Hair", "Beard stubble", "On jaw, chin and upper lip", "beard", (0.98, 0.80, 0.68), UP),
    Component("Hair", "Brows", "Thin and fair, or full and dark", "brows", (1.20, 1.00, 0.92)),
    Component("Hair", "Scalp hair", "A bald or a dark shaved scalp", "hair", (1.22, 0.86, 0.74)),
    Component(
        "Eyes", "Iris darkness", "Pale grey to dark brown eyes", "iris", (0.15, 0.65, 1.0), (-1.5, 3.0)
    ),
    Component("Eyes", "Iris hue", "Blue or green eyes", "iris", (0.16, -0.14, 0.34)),
    Component("Eyes", "Eye redness", "Tired eyes", "sclera", (0.08, 0.62, 0.58), UP),
    Component("Mouth", "Teeth", "White or yellow teeth", "enamel", (0.06, 0.16, 0.52)),
)


def bake_texture(folder: Path, head: OpenHead, albedo: NDArray[np.uint8], path: Path) -> None:
    """Write the texture model over ``albedo`` (2048, 2048, 3) to ``path``.

    Raises:
        ValueError: the albedo has another size.

    """
    if albedo.shape != (SIDE, SIDE, 3):
        raise ValueError(f"The texture model is laid out for {SIDE} texels on a side, not {albedo.shape}.")
    faces = rasterise(head.mesh, SIDE)
    pictures = {**_skin_maps(folder, head, faces), **_eye_maps(head, faces), "enamel": _enamel(albedo)}
    entries, members = [], {}
    for name, (values, window) in pictures.items():
        peak = float(np.abs(values).max())
        zero = 128 if values.min() < -0.01 else 0
        step = peak / (127 if zero else 255)
        members[name] = np.frombuffer(_jpeg(np.clip(np.rint(values / step + zero), 0, 255)), np.uint8)
        entries += [
            {
                "group": row.group, "name": row.name, "tip": row.tip, "range": row.range,
                "tint": row.tint, "map": name, "window": window, "zero": zero, "step": step,
            }
            for row in COMPONENTS if row.map == name
        ]  # fmt: skip
    order = [row.name for row in COMPONENTS]
    entries.sort(key=lambda entry: order.index(str(entry["name"])))
    write_npz(path, members, {"name": "Open head", "licence": LICENCE, "components": entries})


Picture = tuple[Array, tuple[float, float, float, float]]  # values, and their window as shares of the map


def _skin_maps(folder: Path, head: OpenHead, faces: NDArray[np.int64]) -> dict[str, Picture]:
    texels = texels_of(head.mesh, faces, SKIN_CHART)
    skin = _skin(folder, head, texels)
    makers: dict[str, Callable[[pigments.Skin], Array]] = {
        **{made.name: getattr(pigments, made.name) for made in MAPS if made.name not in ("brows", "hair")},
        "brows": lambda skin: skin.brows * (1.0 - skin.hair),
        "hair": lambda skin: skin.hair,
    }
    return {made.name: _picture(makers[made.name](skin), texels, made) for made in MAPS}


def _skin(folder: Path, head: OpenHead, texels: Texels) -> pigments.Skin:
    from scipy.spatial import cKDTree

    points = texels.at(head.mesh.template[head.mesh.faces])
    masks = head_masks(folder, head, texels)
    near, _ = cKDTree(lid_rims(head)).query(points, distance_upper_bound=0.02)
    rims = np.where(np.isfinite(near), near, 1.0)
    brows = brow_coverage(points, head.mesh.plain)
    return pigments.Skin(points, masks["lips"], masks["eyelids"], masks["ears"], rims, brows)


def _picture(values: Array, texels: Texels, made: Map) -> Picture:
    """``values`` at the texels as a picture of a part of the chart, reduced, its gaps filled."""
    image = np.zeros((SIDE, SIDE))
    known = np.zeros((SIDE, SIDE))
    image[texels.rows, texels.columns] = values
    known[texels.rows, texels.columns] = 1.0
    left, bottom, width, height = ATLAS[SKIN_CHART]
    top = 1.0 - bottom - height
    shares = (
        left + made.window[0] * width, top + made.window[1] * height,
        left + made.window[2] * width, top + made.window[3] * height,
    )  # fmt: skip
    x0, y0 = (max(int(share * SIDE) - EDGE, 0) for share in shares[:2])
    ends = [min(math.ceil(share * SIDE) + EDGE, SIDE) for share in shares[2:]]
    columns, rows = ((end - start) // made.reduction for end, start in zip(ends, (x0, y0), strict=True))
    x1, y1 = x0 + columns * made.reduction, y0 + rows * made.reduction
    sums, counts = (
        part[y0:y1, x0:x1].reshape(rows, made.reduction, columns, made.reduction).sum(axis=(1, 3))
        for part in (image, known)
    )
    means = np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0.0)
    return _filled(means, counts > 0.0), (x0 / SIDE, y0 / SIDE, x1 / SIDE, y1 / SIDE)


def _filled(values: Array, known: NDArray[np.bool_]) -> Array:
    """``values`` with what is not known taken from nearby, so that blurring brings in no edge."""
    from scipy.ndimage import distance_transform_edt

    rows, columns = distance_transform_edt(~known, return_distances=False, return_indices=True)
    return values[rows, columns]


def _eye_maps(head: OpenHead, faces: NDArray[np.int64]) -> dict[str, Picture]:
    iris, sclera = np.zeros((SIDE, SIDE)), np.zeros((SIDE, SIDE))
    for side, joint in (("left", 3), ("right", 4)):
        chart = f"{side}_eyeball"
        texels = texels_of(head.mesh, faces, chart)
        points = texels.at(head.mesh.template[head.mesh.faces])
        middle = head.mesh.template[head.mesh.regions[chart]].mean(axis=0)
        ahead = points - (middle[0], middle[1], head.rig.joints[joint][2])
        unit = ahead / np.linalg.norm(ahead, axis=1, keepdims=True)
        angle = np.degrees(np.arccos(np.clip(unit[:, 2], -1.0, 1.0)))
        cover = smoothstep(IRIS + 0.9, IRIS - 1.2, angle)
        iris[texels.rows, texels.columns] = cover * smoothstep(PUPIL - 0.5, PUPIL + 0.8, angle)
        away = 0.35 + 0.65 * smoothstep(IRIS + 2.0, 58.0, angle)
        sclera[texels.rows, texels.columns] = (1.0 - smoothstep(IRIS + 3.0, IRIS - 0.5, angle)) * away
    return {name: _cropped(image) for name, image in (("iris", iris), ("sclera", sclera))}


def _enamel(albedo: NDArray[np.uint8]) -> Picture:
    """The teeth, told from the gums by their colour."""
    image = np.zeros((SIDE, SIDE))
    for chart in ("upper_teeth", "lower_teeth"):
        left, bottom, width, height = ATLAS[chart]
        x0, x1 = round(left * SIDE), round((left + width) * SIDE)
        y0, y1 = round((1.0 - bottom - height) * SIDE), round((1.0 - bottom) * SIDE)
        red, green, _ = np.moveaxis(albedo[y0:y1, x0:x1] / 255.0, -1, 0)
        image[y0:y1, x0:x1] = smoothstep(0.24, 0.14, (red - green) / np.maximum(red, 0.02))
    return _cropped(image)


def _cropped(image: Array) -> Picture:
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    y0, y1, x0, x1 = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    return image[y0:y1, x0:x1], (x0 / SIDE, y0 / SIDE, x1 / SIDE, y1 / SIDE)


def _jpeg(values: Array) -> bytes:
    from PIL import Image

    content = io.BytesIO()
    Image.fromarray(values.astype(np.uint8)).save(content, "JPEG", quality=QUALITY, optimize=True)
    return content.getvalue()
