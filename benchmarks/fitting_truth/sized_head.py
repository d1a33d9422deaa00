"""A head with FLAME's sizes and plausible faces, made of the open head: no licensed file is needed.

The open head's mesh without what FLAME does not have, with edges halved until it has 5,023 vertices; 300
identities, 100 expressions and 50 textures are the principal components of the open head's own, each
bent by smooth random fields over the head so that they span more than the open head's do.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.fitting_truth.expressions import draw_units
from benchmarks.fitting_truth.halving import halved
from studio.flame.model import HeadModel, LandmarkEmbedding
from studio.flame.open_head import load_open_head
from studio.flame.texture_files import source_of
from studio.flame.textures import texture_picture

Array = NDArray[np.float64]

VERTICES, SHAPES, EXPRESSIONS, TEXTURES, SIDE = 5023, 300, 100, 50, 512
WITHOUT = ("gums", "teeth", "tongue", "lashes")
SAMPLES = 700
FIELD = 0.055  # metres: how wide the bends of the components are
BEND = 0.45  # how strong they are
RANGE = np.array([-3.0, 3.0], np.float32)


def sized_head(folder: Path) -> HeadModel:
    """The head; its texture model is written to ``folder`` as FLAME's are."""
    open_head = load_open_head()
    rng = np.random.default_rng(7)
    onto, faces, uv, uv_faces = _resampled(open_head)
    template = (onto @ open_head.v_template).astype(np.float32)
    shapes = _bent_components(_moved(onto, open_head.shapedirs), template, SHAPES, rng, None)
    expressions = _bent_components(
        _moved(onto, open_head.expressiondirs), template, EXPRESSIONS, rng, open_head
    )
    path = folder / "FLAME_texture.npz"
    _write_textures(open_head, path, rng)
    kept = np.flatnonzero(np.diff(onto.tocsc().indptr) > 0)
    return HeadModel(
        name="FLAME-sized",
        version="",
        digest="",
        licence="CC0",
        v_template=template,
        faces=faces,
        shapedirs=shapes,
        expressiondirs=expressions,
        posedirs=_moved(onto, open_head.posedirs),
        j_regressor=_regressor(open_head, onto, kept),
        lbs_weights=np.ascontiguousarray(onto @ open_head.lbs_weights, np.float32),
        shape_ranges=np.tile(RANGE, (SHAPES, 1)),
        expression_ranges=np.tile(RANGE, (EXPRESSIONS, 1)),
        landmarks=_landmarks(open_head, kept),
        uv=uv,
        uv_faces=uv_faces,
        regions=_regions(open_head, onto),
        textures=(source_of(path),),
    )


def _moved(onto: sparse.csr_matrix, directions: NDArray[np.float32]) -> NDArray[np.float32]:
    count, _, components = directions.shape
    flat = onto @ directions.reshape(count, 3 * components)
    return np.ascontiguousarray(flat.reshape(-1, 3, components), np.float32)


def _resampled(
    model: HeadModel,
) -> tuple[sparse.csr_matrix, NDArray[np.int32], NDArray[np.float32], NDArray[np.int32]]:
    """The operator (5023, V) from the open head's vertices; faces, texture coordinates and their faces."""
    assert model.uv is not None
    assert model.uv_faces is not None
    gone = np.zeros(model.vertex_count, bool)
    for name in WITHOUT:
        gone[model.regions[name]] = True
    keep = ~gone[model.faces].any(axis=1)
    faces, uv_faces = model.faces[keep], model.uv_faces[keep]
    used = np.unique(faces)
    number = np.full(model.vertex_count, -1)
    number[used] = np.arange(len(used))
    rows: list[tuple[int, int]] = [(int(index), int(index)) for index in used]
    faces, uv = number[faces].astype(np.int32), model.uv.copy()
    places = model.v_template[used].astype(np.float64)
    while len(rows) < VERTICES:
        faces, uv_faces, uv, pairs = halved(places, faces, uv_faces, uv, VERTICES - len(rows))
        rows += [(rows[a][0], rows[b][0]) for a, b in pairs]
        places = np.array([(model.v_template[a] + model.v_template[b]) / 2.0 for a, b in rows])
    index = np.repeat(np.arange(VERTICES), 2)
    onto = sparse.csr_matrix(
        (np.full(2 * VERTICES, 0.5), (index, np.array(rows).ravel())), (VERTICES, model.vertex_count)
    )
    return onto, faces, uv, uv_faces


def _fields(places: NDArray[np.float32], count: int, rng: np.random.Generator) -> Array:
    """Smooth random fields (V, count) about 1 over the head: sums of waves of random directions."""
    waves = rng.normal(0.0, 1.0 / FIELD, (3, 6 * count))
    turns = rng.uniform(0.0, 2.0 * np.pi, 6 * count)
    values = np.cos(places.astype(np.float64) @ waves + turns).reshape(len(places), count, 6)
    return 1.0 + BEND * values.sum(axis=2) / np.sqrt(3.0)


def _bent_components(
    directions: NDArray[np.float32],
    places: NDArray[np.float32],
    count: int,
    rng: np.random.Generator,
    units: HeadModel | None,
) -> NDArray[np.float32]:
    """The first ``count`` principal components (V, 3, count) of bent combinations of ``directions``.

    Combinations are normal, or draws of the units of ``units``; a coefficient of 1 is one standard
    deviation.
    """
    components = directions.shape[2]
    samples = np.zeros((SAMPLES, directions.shape[0] * 3), np.float32)
    for index in range(SAMPLES):
        drawn = rng.standard_normal((1, components))[0] if units is None else draw_units(units, rng)
        bends = _fields(places, 3, rng)
        chosen = rng.integers(0, 3, components)
        for bend in range(3):
            moved = directions[..., chosen == bend] @ drawn[chosen == bend]
            samples[index] += (bends[:, bend, None] * moved).astype(np.float32).ravel()
    gram = (samples @ samples.T).astype(np.float64)
    vectors = np.linalg.eigh(gram)[1][:, ::-1][:, :count]
    basis = samples.T @ (vectors / np.sqrt(SAMPLES)).astype(np.float32)
    return np.ascontiguousarray(basis.reshape(-1, 3, count), np.float32)


def _regressor(model: HeadModel, onto: sparse.csr_matrix, kept: NDArray) -> NDArray[np.float32]:
    """Joints of the vertices that are left, with the least change of weights that keeps them in place."""
    weights = np.zeros((5, VERTICES))
    weights[:, : len(kept)] = model.j_regressor[:, kept]
    places = np.column_stack([onto @ model.v_template.astype(np.float64), np.ones(VERTICES)])
    joints = model.j_regressor.astype(np.float64) @ model.v_template
    for joint in range(5):
        mine = np.flatnonzero(weights[joint])
        wanted = np.append(joints[joint], 1.0) - weights[joint] @ places
        weights[joint, mine] += np.linalg.pinv(places[mine].T) @ wanted
    return weights.astype(np.float32)


def _landmarks(model: HeadModel, kept: NDArray) -> LandmarkEmbedding:
    assert model.landmarks is not None
    number = np.full(model.vertex_count, -1)
    number[kept] = np.arange(len(kept))
    tables = [
        number[corners].astype(np.int32)
        for corners in (model.landmarks.static_corners, model.landmarks.contour_corners)
    ]
    assert all((table >= 0).all() for table in tables)
    return replace(model.landmarks, static_corners=tables[0], contour_corners=tables[1])


def _regions(model: HeadModel, onto: sparse.csr_matrix) -> dict[str, NDArray[np.int32]]:
    regions = {}
    for name, vertices in model.regions.items():
        inside = np.zeros(model.vertex_count)
        inside[vertices] = 1.0
        found = np.flatnonzero(onto @ inside > 0.99).astype(np.int32)
        if len(found):
            regions[name] = found
    return regions


def _write_textures(model: HeadModel, path: Path, rng: np.random.Generator) -> None:
    """Principal components of random pictures of the open head, in blue, green, red and 0..255."""
    from PIL import Image

    source = model.textures[0]
    low, high = np.array(source.ranges).T
    pictures = np.empty((150, SIDE * SIDE * 3), np.float32)
    rows, columns = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    for picture in pictures:
        draws = np.clip(rng.standard_normal(source.count), low, high)
        texels = Image.fromarray(texture_picture(source, model, tuple(draws))).resize(
            (SIDE, SIDE), Image.Resampling.BOX
        )
        waves = rng.integers(0, 4, (5, 2))
        tints = rng.normal(0.0, 5.0, (5, 3))
        shade = sum(
            np.cos(np.pi * (wave[0] * rows + wave[1] * columns))[..., None] * tint
            for wave, tint in zip(waves, tints, strict=True)
        )
        picture[:] = (np.asarray(texels, np.float32)[::-1, :, ::-1] + shade).ravel()
    mean = pictures.mean(axis=0)
    pictures -= mean
    _, vectors = np.linalg.eigh((pictures @ pictures.T).astype(np.float64))
    vectors = vectors[:, ::-1][:, :TEXTURES]
    basis = pictures.T @ (vectors / np.sqrt(len(pictures))).astype(np.float32)
    arrays = {
        "mean": mean.reshape(SIDE, SIDE, 3),
        "tex_dir": basis.reshape(SIDE, SIDE, 3, TEXTURES),
    }
    with path.open("wb") as stream:
        np.savez(stream, **arrays)
