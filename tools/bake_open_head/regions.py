"""Named vertex regions of the head."""

from __future__ import annotations

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


def hairline(points: Array) -> Array:
    """How far (n,) in metres ``points`` lie inside the hair, negative outside: above the forehead, behind the ears."""
    x, y, z = points.T
    side = np.clip(np.abs(x) / 0.075, 0.0, 1.0)
    front = (
        y
        - (0.098 - 0.030 * np.clip((side - 0.62) / 0.38, 0.0, 1.0) ** 1.5 + 0.006 * np.sin(side * 5.0))
        - 0.10 * z
    )
    temple = np.clip((0.048 - z) / 0.03, 0.0, 1.0)
    sideburn = y - (0.020 + 0.040 * np.clip((z - 0.012) / 0.03, 0.0, 1.0))
    nape = y - (-0.052 + 0.35 * np.clip(z + 0.075, 0.0, 0.075) + 0.15 * np.clip(np.abs(x) - 0.02, 0.0, 0.05))
    back = np.minimum(nape, -z - 0.005 + 0.05)
    around_ear = np.hypot((z + 0.008) / 1.0, (y - 0.000) / 1.25) - 0.040
    sides = np.minimum(
        np.maximum(np.minimum(sideburn, temple * 0.05 - 0.01), np.minimum(back, -0.010 - z)), around_ear
    )
    return np.maximum(front, np.where(z < 0.05, sides, -1.0))


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
