"""Named vertex regions of the head."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np

from .assembly import HeadMesh
from .source import Array, Indices, read_mask

SKIN_MASKS = ("lips", "eyelids", "ears")


def vertex_masks(folder: Path, mesh: HeadMesh) -> dict[str, Array]:
    """MakeHuman's painted masks as values (V,) in 0..1 on the vertices of the head's skin."""
    known = mesh.mask_uv[:, 0, 0] >= 0.0
    ids = mesh.faces[known].ravel()
    u, v = mesh.mask_uv[known].reshape(-1, 2).T
    masks = {}
    for name in SKIN_MASKS:
        image = read_mask(folder, name)
        height, width = image.shape
        value = image[
            np.clip(((1.0 - v) * height).astype(int), 0, height - 1),
            np.clip((u * width).astype(int), 0, width - 1),
        ]
        masks[name] = np.zeros(len(mesh.template))
        np.maximum.at(masks[name], ids, value)
    return masks


# the hairline of one side, unrolled about the head: azimuth from the front in degrees, height in metres
HAIRLINE = np.array([
    (-15.0, 0.1005), (0.0, 0.1000), (15.0, 0.0995), (27.0, 0.0955), (35.0, 0.0890),
    (42.0, 0.0800), (49.0, 0.0710), (58.0, 0.0640), (66.0, 0.0570), (71.0, 0.0430),
    (73.5, 0.0180), (76.0, 0.0090), (84.5, 0.0080), (86.5, 0.0220), (88.0, 0.0420),
    (93.0, 0.0540), (101.0, 0.0580), (111.0, 0.0560), (119.0, 0.0440), (123.0, 0.0100),
    (127.0, -0.0230), (134.0, -0.0410), (147.0, -0.0510), (180.0, -0.0550), (200.0, -0.0550),
])  # fmt: skip
AXIS_Z, UNROLLED_RADIUS = -0.020, 0.085


def hairline(points: Array) -> Array:
    """Distance (n,) in metres of ``points`` from the hairline over the skin, positive in the hair."""
    x, y, z = points.T
    azimuth = np.degrees(np.arctan2(np.abs(x), z - AXIS_Z))
    place = np.stack([np.radians(azimuth) * UNROLLED_RADIUS, y], axis=1)
    line = HAIRLINE * (np.pi / 180.0 * UNROLLED_RADIUS, 1.0)
    nearest = np.full(len(points), np.inf)
    crossings = np.zeros(len(points), dtype=np.int64)
    for a, b in pairwise(line):
        share = np.clip(((place - a) @ (b - a)) / ((b - a) @ (b - a)), 0.0, 1.0)
        nearest = np.minimum(nearest, np.linalg.norm(place - a - share[:, None] * (b - a), axis=1))
        # a point is in the hair when a line from it upwards crosses the hairline an even number of times
        spans = (place[:, 0] >= a[0]) != (place[:, 0] >= b[0])
        height = a[1] + (place[:, 0] - a[0]) / (b[0] - a[0]) * (b[1] - a[1])
        crossings += spans & (height > y)
    return np.where(crossings % 2 == 0, nearest, -nearest)


def build_regions(folder: Path, mesh: HeadMesh) -> dict[str, Indices]:
    """Sorted vertex ids of every region."""
    points = mesh.template
    masks = vertex_masks(folder, mesh)
    every = np.arange(len(points))
    outer = np.zeros(len(points), dtype=bool)
    outer[np.unique(mesh.faces[mesh.mask_uv[:, 0, 0] >= 0.0])] = True
    inner = np.zeros(len(points), dtype=bool)
    for name in ("mouth_cavity", "left_eye_cavity", "right_eye_cavity"):
        inner[mesh.regions[name]] = True
    x, y, z = points.T
    left = x > 1e-6
    right = x < -1e-6
    lips = outer & (masks["lips"] > 0.5)
    ears = outer & (masks["ears"] > 0.5)
    eyelids = outer & (masks["eyelids"] > 0.5) & ~lips
    free = outer & ~lips & ~ears & ~eyelids
    cap = np.zeros(len(points), dtype=bool)
    cap[mesh.regions["neck_cut"]] = True
    neck = (free & (y < _jaw_line(points))) | cap
    scalp = free & ~neck & (hairline(points) > 0.0)
    front = free & ~neck & ~scalp
    forehead = front & (y > 0.055) & (z > 0.0)
    nose = (
        front
        & (np.abs(x) < 0.021 - 0.25 * np.clip(y + 0.002, 0.0, 0.04))
        & (y > -0.016)
        & (y < 0.038)
        & (z > 0.055)
    )
    around_eyes = front & ~forehead & ~nose & (_eye_distance(points) < 1.0)
    face = free & ~neck & ~scalp
    masks_out = {
        "face": face | lips | eyelids, "forehead": forehead, "scalp": scalp, "nose": nose, "lips": lips,
        "eyelids": eyelids, "eyes": around_eyes | eyelids, "ears": ears, "neck": neck,
        "left_ear": ears & left, "right_ear": ears & right,
        "left_eyelids": eyelids & left, "right_eyelids": eyelids & right,
        "left_eye": (around_eyes | eyelids) & left, "right_eye": (around_eyes | eyelids) & right,
        "mouth_cavity": inner & np.isin(every, mesh.regions["mouth_cavity"]) & ~lips & ~outer,
    }  # fmt: skip
    regions = {name: np.flatnonzero(mask) for name, mask in masks_out.items()}
    for name in (
        "left_eyeball",
        "right_eyeball",
        "upper_teeth",
        "lower_teeth",
        "upper_gums",
        "lower_gums",
        "tongue",
        "lashes",
    ):
        regions[name] = np.sort(mesh.regions[name])
    for whole, sides in (
        ("eyeballs", ("left_eyeball", "right_eyeball")), ("teeth", ("upper_teeth", "lower_teeth")),
        ("gums", ("upper_gums", "lower_gums")),
    ):  # fmt: skip
        regions[whole] = np.sort(np.concatenate([regions[side] for side in sides]))
    return regions


def _jaw_line(points: Array) -> Array:
    """Height (n,) under which skin is neck: from under the chin, along the jaw, to the nape."""
    z = points[:, 2]
    return np.interp(
        z, [-0.13, -0.06, -0.01, 0.03, 0.06, 0.09], [-0.055, -0.055, -0.062, -0.085, -0.098, -0.106]
    )


def _eye_distance(points: Array) -> Array:
    """Distance (n,) from the nearer eye, 1 on the rim of its orbit."""
    x, y, z = points.T
    ahead = np.where(z > 0.02, 0.0, 9.0)
    return np.hypot((np.abs(x) - 0.033) / 0.026, (y - 0.030) / 0.020) + ahead
