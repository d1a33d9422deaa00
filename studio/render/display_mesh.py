"""The mesh that is drawn: the model's once-subdivided surface, split where the texture has seams."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from studio.flame.model import HeadModel
from studio.render import expansion
from studio.render.iris import REACH
from studio.render.materials import materials_of
from studio.render.occlusion import openness
from studio.render.picking import KERNEL as PICKING_KERNEL
from studio.render.topology import Edges, Stencils, find_edges, loop_stencils, split_faces

Array = NDArray[np.float32]
Indices = NDArray[np.int32]

CORNEA_RIM, CORNEA_BULGE = 0.62, 0.9  # radii of the eyeball; turn of the normals, in their own

KERNELS = "studio.render.expansion_kernel"
TEXTURE_KERNELS = "studio.flame.texture_kernel"
VISIBILITY_KERNELS = "studio.render.visibility_kernel"
SHADOW_KERNELS = ("studio.render.rasterizer_kernel", "studio.render.light_map_kernel")


@dataclass(frozen=True, eq=False)
class Cornea:
    """The front of an eyeball, which bulges on a real eye: so its highlight stays near the pupil."""

    pupil: int  # the point in its middle
    points: Indices  # (K,)
    bulge: Array  # (K, 1) by how much the normals are turned away from the pupil's, 0 at the rim


@dataclass(frozen=True, eq=False)
class DisplayMesh:
    """What does not change from frame to frame. M rows: N points of the surface, then seam copies.

    Along a seam of the texture a point has several texture coordinates, so that it is drawn as several
    rows; all other rows are the points themselves.
    """

    stencils: Stencils | None  # None: the points are the model's vertices
    point_faces: Indices  # (T, 3) into the N points
    corneas: tuple[Cornea, ...]
    seam_sources: Indices  # (M - N,) the points that the further rows repeat
    faces: Indices  # (T, 3) into the M rows
    coarse_faces: Indices  # (F, 3) into the M rows, the model's own
    centers: Array  # (F, 3) metres, of the model's own faces on the neutral head
    lines: Indices  # (L, 2) rows, the edges of the model's own faces along all faces
    coarse_lines: Indices  # (E, 2) rows, the same along the model's own faces
    outlined: NDArray[np.bool_]  # (T, 3) whether the edge from corner k to k + 1 is one of ``lines``
    texcoords: Array  # (M, 2), those of the iris for a model without texture
    traits: Array  # (M, 4) see materials
    tints: Array  # (M, 3) sRGB
    region_colours: Array  # (M, 3) sRGB
    folds: Array  # (M, 1) share of the light that the finest folds of the neutral head leave to the row
    middles: Indices  # (E, 2) the vertices in whose middle each point after them lies

    @property
    def point_count(self) -> int:
        """N."""
        return self.row_count - len(self.seam_sources)

    def faces_from(self, direction: Array, fine: bool) -> Indices:
        """All faces, or only the model's own, those that are nearest to an eye in ``direction`` (3,) first.

        So ordered, most of what is hidden is never shaded.
        """
        order = np.argsort(-(self.centers @ direction), kind="stable")
        if not fine:
            return self.coarse_faces[order]
        parts = len(self.faces) // len(self.coarse_faces)
        return self.faces.reshape(-1, parts, 3)[order].reshape(-1, 3)

    def spread(self, values: Array) -> Array:
        """``values`` (V, K) of the model's vertices for all rows (M, K)."""
        first, second = values[self.middles[:, 0]], values[self.middles[:, 1]]
        points = np.concatenate([values, (first + second) / np.float32(2.0)])
        return np.concatenate([points, points[self.seam_sources]])

    @property
    def row_count(self) -> int:
        """M."""
        return len(self.texcoords)


class Rows:
    """Positions and normals of a display mesh, in buffers that are written anew in place."""

    def __init__(self, mesh: DisplayMesh) -> None:
        self.positions = np.zeros((mesh.row_count, 3), dtype=np.float32)
        self.normals = np.zeros((mesh.row_count, 3), dtype=np.float32)

    def expand(self, mesh: DisplayMesh, vertices: Array, normals: Array) -> None:
        """Fill the rows from ``vertices`` and unit ``normals`` (V, 3) of the model's surface.

        The subdivided surface has normals of its own. The compiled kernels are used once something
        has loaded them (:func:`load_kernels`), NumPy before.
        """
        count = mesh.point_count
        points, directions = self.positions[:count], self.normals[:count]
        if mesh.stencils is None:
            points[:], directions[:] = vertices, normals
        else:
            _subdivide(mesh.stencils, mesh.point_faces, vertices, points, directions)
        for cornea in mesh.corneas:
            gaze = directions[cornea.pupil]
            turned = directions[cornea.points] + cornea.bulge * (directions[cornea.points] - gaze)
            directions[cornea.points] = turned / np.linalg.norm(turned, axis=1, keepdims=True)
        self.positions[count:] = points[mesh.seam_sources]
        self.normals[count:] = directions[mesh.seam_sources]


def load_kernels() -> None:
    """Load, or at the very first time compile, the kernels: up to two seconds, so not while a frame waits."""
    import_module(KERNELS)
    import_module(TEXTURE_KERNELS)
    import_module(VISIBILITY_KERNELS)
    import_module(PICKING_KERNEL)
    for name in SHADOW_KERNELS:
        import_module(name)


def _subdivide(stencils: Stencils, faces: Indices, vertices: Array, points: Array, normals: Array) -> None:
    """Loop's surface through the vertices, nearly.

    Loop's scheme shrinks what it rounds. The vertices are first moved out by what they would move in,
    one step of progressive iterative approximation (Chen et al., "Progressive interpolation using Loop
    subdivision surfaces", 2008).
    """
    kernel = sys.modules.get(KERNELS)
    steps = kernel if kernel is not None and getattr(kernel, "READY", False) else expansion
    tables = (stencils.starts, stencils.vertices, stencils.weights)
    wanted = np.ascontiguousarray(vertices, dtype=np.float32)
    smoothed = points[: len(wanted)]
    steps.apply_stencils(*tables, wanted, smoothed)
    steps.apply_stencils(*tables, 2.0 * wanted - smoothed, points)
    steps.area_weighted_normals(points, faces, normals)


_built: WeakKeyDictionary[HeadModel, dict[bool, DisplayMesh]] = WeakKeyDictionary()


def display_mesh(model: HeadModel, subdivide: bool = True) -> DisplayMesh:
    """The display mesh of ``model``; it is built once and remembered while the model lives."""
    meshes = _built.setdefault(model, {})
    if subdivide not in meshes:
        meshes[subdivide] = _build(model, subdivide)
    return meshes[subdivide]


def _build(model: HeadModel, subdivide: bool) -> DisplayMesh:
    count = model.vertex_count
    faces = np.ascontiguousarray(model.faces)
    edges = find_edges(faces, count)
    materials = materials_of(model)
    has_picture = model.albedo is not None or bool(model.textures)
    textured = model.uv is not None and model.uv_faces is not None and has_picture
    uv = model.uv if textured else materials.eye_texcoords
    uv_faces = np.ascontiguousarray(model.uv_faces) if textured else faces
    assert uv is not None
    normals = np.empty_like(model.v_template)
    expansion.area_weighted_normals(model.v_template, faces, normals)
    folds = openness(model.v_template, normals, edges)
    folds[materials.traits[:, 1:].any(axis=1)] = 1.0
    eyes, eye_texcoords = materials.eyes, materials.eye_texcoords
    columns = [materials.traits, materials.tints, materials.region_colours, folds[:, None]]
    attributes = np.concatenate(columns, axis=1)
    if subdivide:
        stencils = loop_stencils(faces, edges, count)
        uv_edges = find_edges(uv_faces, len(uv))
        point_faces, uv_faces = split_faces(faces, edges, count), split_faces(uv_faces, uv_edges, len(uv))
        uv, attributes = _with_middles(uv, uv_edges), _with_middles(attributes, edges)
        eyes, eye_texcoords = _with_middles(eyes, edges), _with_middles(eye_texcoords, edges)
        outlined = np.tile(np.array([[1, 0, 1]] * 3 + [[0, 0, 0]], dtype=bool), (len(faces), 1))
        line_points = _halves(edges, count)
    else:
        stencils, point_faces = None, faces
        outlined = np.ones(faces.shape, dtype=bool)
        line_points = edges.ends
    rows, sources, row_uv = _split_seams(point_faces, uv_faces, len(attributes))
    attributes = np.concatenate([attributes, attributes[sources]])
    return DisplayMesh(
        stencils=stencils,
        point_faces=point_faces,
        seam_sources=sources,
        faces=rows,
        corneas=_corneas(eyes, eye_texcoords),
        centers=model.v_template[faces].mean(axis=1),
        coarse_faces=rows.reshape(-1, 4, 3)[:, :3, 0] if subdivide else rows,
        coarse_lines=edges.ends,
        lines=np.ascontiguousarray(line_points, dtype=np.int32),
        outlined=outlined,
        texcoords=np.ascontiguousarray(uv[row_uv], dtype=np.float32),
        traits=np.ascontiguousarray(attributes[:, :4]),
        tints=np.ascontiguousarray(attributes[:, 4:7]),
        region_colours=np.ascontiguousarray(attributes[:, 7:10]),
        folds=np.ascontiguousarray(attributes[:, 10:]),
        middles=edges.ends if subdivide else np.zeros((0, 2), dtype=np.int32),
    )


def _corneas(eyes: Array, texcoords: Array) -> tuple[Cornea, ...]:
    """The corneas of the points; ``eyes`` (N, 2) is 1 on the left and the right eyeball."""
    from_pupil = np.linalg.norm(texcoords - 0.5, axis=1) * 2.0 * REACH
    corneas = []
    for on_eye in (eyes > 0.99).T:
        points = np.flatnonzero(on_eye & (from_pupil < CORNEA_RIM)).astype(np.int32)
        if len(points):
            inward = np.clip(1.0 - (from_pupil[points] / CORNEA_RIM) ** 4, 0.0, 1.0)
            pupil = int(points[np.argmin(from_pupil[points])])
            corneas.append(Cornea(pupil, points, (CORNEA_BULGE * inward)[:, None].astype(np.float32)))
    return tuple(corneas)


def _with_middles(values: Array, edges: Edges) -> Array:
    return np.concatenate([values, (values[edges.ends[:, 0]] + values[edges.ends[:, 1]]) / 2.0])


def _halves(edges: Edges, vertex_count: int) -> Indices:
    """The two halves of each edge on the fine mesh (2E, 2)."""
    middles = vertex_count + np.arange(len(edges.ends), dtype=np.int32)
    first = np.stack([edges.ends[:, 0], middles], axis=1)
    second = np.stack([middles, edges.ends[:, 1]], axis=1)
    return np.concatenate([first, second])


def _split_seams(faces: Indices, uv_faces: Indices, count: int) -> tuple[Indices, Indices, Indices]:
    """Faces into rows, the points that rows past ``count`` repeat, and each row's texture coordinate."""
    points, uvs = faces.ravel(), uv_faces.ravel()
    first = np.zeros(count, dtype=np.int32)
    first[points] = uvs
    others = np.flatnonzero(uvs != first[points])
    rows = points.copy()
    width = int(uvs.max(initial=0)) + 1
    keys, inverse = np.unique(points[others].astype(np.int64) * width + uvs[others], return_inverse=True)
    rows[others] = count + inverse
    sources = (keys // width).astype(np.int32)
    row_uv = np.concatenate([first, keys % width])
    return rows.reshape(faces.shape), sources, row_uv.astype(np.int32)
