"""The albedo map of the open head: every chart painted from its texels' places on the template."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from .assembly import ATLAS, EYES
from .bake import OpenHead
from .brows import brow_coverage
from .lashes import VERTICES_PER_HAIR
from .noise import value_noise
from .occlusion import openness
from .paint_eyes import paint_eye
from .paint_mouth import paint_arch, paint_cavity, paint_tongue
from .paint_skin import paint_skin, sample_mask
from .parts import neighbour_average, vertex_normals
from .plain import FLAT as PLAIN_COLOURS
from .regions import SKIN_MASKS
from .source import Array, read_mask
from .teeth import LOWER, UPPER
from .texels import Texels, rasterise, texels_of

FLAT = {"neck_cut": (82.0, 60.0, 54.0), "lashes": (36.0, 26.0, 22.0)}
SKIN_CHART = "head"
JPEG_QUALITY = 90
LIP_OPENNESS = 0.46  # least on the lips, that they are not dark inside when they part
LIP_SMOOTHING = 6  # closed lips hide each other unevenly: it would show as stripes when they part


def paint_albedo(folder: Path, head: OpenHead, size: int) -> NDArray[np.uint8]:
    """The map (size, size, 3), sRGB, top row first."""
    mesh = head.mesh
    faces = rasterise(mesh, size)
    image = np.empty((size, size, 3))
    image[:] = (176.0, 136.0, 116.0)
    for chart in mesh.chart_names:
        texels = texels_of(mesh, faces, chart)
        points = texels.at(mesh.template[mesh.faces])
        image[texels.rows, texels.columns] = _paint(folder, head, chart, texels, points)
    return np.clip(np.rint(image), 0.0, 255.0).astype(np.uint8)


def _paint(folder: Path, head: OpenHead, chart: str, texels: Texels, points: Array) -> Array:
    mesh = head.mesh
    if chart == SKIN_CHART:
        return _paint_head(folder, head, texels, points)
    if mesh.plain and chart in PLAIN_COLOURS:
        return np.tile(PLAIN_COLOURS[chart], (len(points), 1))
    if chart.endswith("eyeball"):
        side = 1.0 if chart.startswith("left") else -1.0
        centre = mesh.template[mesh.regions[chart]].mean(axis=0) * (1.0, 1.0, 0.0) + (0.0, 0.0, EYES[2])
        joint = head.rig.joints[3 if side > 0.0 else 4]
        return paint_eye(points - np.array([*centre[:2], joint[2]]), -side, 60 if side > 0.0 else 80)
    if chart in ("upper_teeth", "lower_teeth"):
        return paint_arch(points, _chart_uv(head, chart, texels), UPPER if chart == "upper_teeth" else LOWER)
    if chart == "tongue":
        normals = vertex_normals(mesh.template, mesh.faces)
        return paint_tongue(points, texels.at(normals[mesh.faces]))
    if chart == "mouth_cavity":
        outside = np.unique(mesh.faces[mesh.mask_uv[:, 0, 0] >= 0.0])
        rim = np.intersect1d(outside, mesh.regions["mouth_cavity"])
        return paint_cavity(points, cKDTree(mesh.template[rim]).query(points)[0])
    if chart.endswith("eye_cavity"):
        return np.tile((186.0, 112.0, 102.0), (len(points), 1))
    return np.tile(FLAT[chart], (len(points), 1)) * (1.0 + 0.05 * value_noise(points, 0.004, 50)[:, None])


def _chart_uv(head: OpenHead, chart: str, texels: Texels) -> Array:
    left, bottom, width, height = ATLAS[chart]
    return (texels.at(head.mesh.uv[head.mesh.uv_faces]) - (left, bottom)) / (width, height)


def _paint_head(folder: Path, head: OpenHead, texels: Texels, points: Array) -> Array:
    mesh = head.mesh
    masks = head_masks(folder, head, texels)
    outer = mesh.mask_uv[:, 0, 0] >= 0.0
    normals = vertex_normals(mesh.template, mesh.faces[outer])
    inner = np.isin(mesh.chart_names, ["mouth_cavity", "left_eyeball", "right_eyeball", "neck_cut"])[
        mesh.face_charts
    ]
    sky = openness(mesh.template, normals, mesh.faces[outer | inner])
    smooth = neighbour_average(mesh.faces[outer], len(sky))
    sky = 0.5 * (sky + smooth @ sky)
    calm = sky
    for _ in range(LIP_SMOOTHING):
        calm = smooth @ calm
    sky[head.regions["lips"]] = np.maximum(calm[head.regions["lips"]], LIP_OPENNESS)
    rims = lid_rims(head)
    upper = rims[:0] if mesh.plain else _lash_roots(head)
    return paint_skin(
        points, masks, texels.at(sky[mesh.faces]), rims, upper, brow_coverage(points, mesh.plain)
    )


def head_masks(folder: Path, head: OpenHead, texels: Texels) -> dict[str, Array]:
    """MakeHuman's painted masks (n,) at the texels of the skin."""
    mask_uv = texels.at(head.mesh.mask_uv)
    return {name: sample_mask(read_mask(folder, name), mask_uv) for name in SKIN_MASKS}


def lid_rims(head: OpenHead) -> Array:
    """Points along the edges of all lids."""
    mesh = head.mesh
    outside = np.unique(mesh.faces[mesh.mask_uv[:, 0, 0] >= 0.0])
    rims = [np.intersect1d(outside, mesh.regions[f"{side}_eye_cavity"]) for side in ("left", "right")]
    return _between_neighbours(mesh.template[np.concatenate(rims)])


def _lash_roots(head: OpenHead) -> Array:
    """Points along the roots of the upper lashes."""
    mesh = head.mesh
    lashes = mesh.template[mesh.regions["lashes"]].reshape(-1, VERTICES_PER_HAIR, 3)
    roots = lashes[:, :2].mean(axis=1)
    return roots[lashes[:, -1, 1] > roots[:, 1]]


def _between_neighbours(points: Array) -> Array:
    """``points`` with more of them on the way to each one's two nearest."""
    _, near = cKDTree(points).query(points, k=3)
    shares = np.linspace(0.0, 0.5, 6)[:, None, None]
    return np.concatenate(
        [(points + shares[k] * (points[near[:, j]] - points)) for j in (1, 2) for k in range(6)]
    )


def save_albedo(image: NDArray[np.uint8], path: Path) -> None:
    """Write the map as JPEG."""
    from PIL import Image

    Image.fromarray(image).save(path, quality=JPEG_QUALITY, subsampling=0, optimize=True)
