"""A head model with FLAME's sizes and random numbers, to measure with where no licensed file is."""

from __future__ import annotations

import numpy as np

from studio.flame.model import HeadModel, LandmarkEmbedding

VERTICES, SHAPES, EXPRESSIONS = 5023, 300, 100
RANGE = np.array([-3.0, 3.0], np.float32)
COLUMNS, ROWS = 73, 69  # of the tube that the mesh is


def flame_sized_model() -> HeadModel:
    """5,023 vertices, about 9,900 faces in the order of their vertices, 300 + 100 components."""
    rng = np.random.default_rng(0)
    faces = _tube()

    def numbers(*shape: int, scale: float) -> np.ndarray:
        return np.ascontiguousarray(scale * rng.standard_normal(shape), np.float32)

    regressor = np.zeros((5, VERTICES), np.float32)
    for joint in range(5):
        regressor[joint, rng.choice(VERTICES, 60, replace=False)] = 1.0 / 60.0
    return HeadModel(
        name="FLAME-sized",
        version="",
        digest="",
        licence="",
        v_template=numbers(VERTICES, 3, scale=0.1),
        faces=faces,
        shapedirs=numbers(VERTICES, 3, SHAPES, scale=1e-3),
        expressiondirs=numbers(VERTICES, 3, EXPRESSIONS, scale=1e-3),
        posedirs=numbers(VERTICES, 3, 36, scale=1e-3),
        j_regressor=regressor,
        lbs_weights=rng.dirichlet(np.full(5, 0.3), VERTICES).astype(np.float32),
        shape_ranges=np.tile(RANGE, (SHAPES, 1)),
        expression_ranges=np.tile(RANGE, (EXPRESSIONS, 1)),
        landmarks=LandmarkEmbedding(
            faces[rng.integers(0, len(faces), 51)],
            rng.dirichlet(np.ones(3), 51).astype(np.float32),
            faces[rng.integers(0, len(faces), (79, 17))],
            rng.dirichlet(np.ones(3), (79, 17)).astype(np.float32),
        ),
    )


def _tube() -> np.ndarray:
    row, column = np.divmod(np.arange((ROWS - 1) * COLUMNS), COLUMNS)
    here, right = row * COLUMNS + column, row * COLUMNS + (column + 1) % COLUMNS
    above, across = here + COLUMNS, right + COLUMNS
    faces = np.stack([here, right, above, right, across, above], axis=1).reshape(-1, 3)
    return faces[(faces < VERTICES).all(axis=1)].astype(np.int32)
