"""A made-up head of FLAME's size whose first faces lie where landmarks belong, and its published tables."""

from __future__ import annotations

import numpy as np

from studio.flame.landmark_names import EYE_FRONTS, IBUG, Landmark, mediapipe

VERTICES, FACES = 5023, 9976
MEDIAPIPE = tuple(mark for mark in mediapipe(range(468)) if mark.region != "face")
MARKS: tuple[Landmark, ...] = (*IBUG, *EYE_FRONTS, *MEDIAPIPE)
_HEIGHTS = {"eyebrow": 0.05, "eye": 0.03, "nose bridge": 0.0, "nose base": -0.02, "lips": -0.05}
_random = np.random.default_rng(11)
WEIGHTS = _random.dirichlet(np.ones(3), len(MARKS))
TURNED = _random.integers(0, FACES, (79, 17)), _random.dirichlet(np.ones(3), (79, 17))
TURNED[0][0], TURNED[1][0] = np.arange(17), WEIGHTS[:17]


def places():
    """Where each of MARKS belongs, metres."""
    points = np.zeros((len(MARKS), 3))
    for point, mark in zip(points, MARKS, strict=True):
        side = -0.03 if "right" in mark.name else 0.03 if "left" in mark.name else 0.0
        height = next((y for part, y in _HEIGHTS.items() if part in mark.region), 0.0)
        point[:] = side, height, 0.12 if mark.name == "nose tip" else 0.06
    points[:17, 0] = np.linspace(-0.08, 0.08, 17)
    points[:17, 1] = 20.0 * points[:17, 0] ** 2 - 0.1
    return points


def flame_sized():
    """The entries of a model file with FLAME's numbers of vertices and faces; face i holds MARKS[i]."""
    random = np.random.default_rng(0)
    count = len(MARKS)
    regressor = np.zeros((5, VERTICES))
    regressor[:, 0] = 1
    faces = random.integers(0, VERTICES, (FACES, 3))
    faces[:count] = np.arange(3 * count).reshape(count, 3)
    template = random.normal(0, 0.1, (VERTICES, 3))
    template[: 3 * count] = np.repeat(places(), 3, axis=0) + random.normal(0, 0.001, (3 * count, 3))
    return {
        "v_template": template,
        "f": faces,
        "shapedirs": np.zeros((VERTICES, 3, 20), np.float32),
        "posedirs": np.zeros((VERTICES, 3, 36), np.float32),
        "J_regressor": regressor,
        "kintree_table": np.array([[2**32 - 1, 0, 1, 1, 1], [0, 1, 2, 3, 4]], np.uint32),
        "weights": np.full((VERTICES, 5), 0.2),
    }


def ringnet():
    """The static and the dynamic table."""
    static = {"lmk_face_idx": np.arange(17, 68, dtype=np.uint32), "lmk_b_coords": WEIGHTS[17:68]}
    return static, {"lmk_face_idx": list(TURNED[0]), "lmk_b_coords": list(TURNED[1])}


def deca(eyes=False):
    """DECA's table, or VHAP's with the eyes."""
    count = 70 if eyes else 68
    return {
        "static_lmk_faces_idx": np.arange(17, count),
        "static_lmk_bary_coords": WEIGHTS[17:count],
        "dynamic_lmk_faces_idx": TURNED[0],
        "dynamic_lmk_bary_coords": TURNED[1].astype(np.float32),
        "full_lmk_faces_idx": np.arange(count)[None],
        "full_lmk_bary_coords": WEIGHTS[None, :count].astype(np.float32),
    }


def mediapipe_table():
    """The table of MediaPipe's 105 points."""
    faces = np.arange(70, len(MARKS), dtype=np.uint32)
    return {
        "lmk_face_idx": faces,
        "lmk_b_coords": WEIGHTS[70:],
        "landmark_indices": np.array([mark.index for mark in MEDIAPIPE]),
    }
