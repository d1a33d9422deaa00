"""The forward formula in float64 NumPy, one head after the other, written as plainly as it reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studio.flame.model import HeadModel, LandmarkEmbedding
from studio.flame.params import Params, frozen


@dataclass
class ReferenceSurface:
    vertices: np.ndarray
    landmarks: np.ndarray
    joints: np.ndarray
    contour_row: int


def rotation_matrix(vector: np.ndarray) -> np.ndarray:
    """Rodrigues by axis and angle; the identity plus the cross-product matrix below 1e-9."""
    x, y, z = np.asarray(vector, np.float64)
    angle = np.sqrt(x * x + y * y + z * z)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    if angle < 1e-9:
        return np.eye(3) + cross
    cross = cross / angle
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def contour_row_of(root: np.ndarray, neck: np.ndarray, sign: str) -> int:
    turn = root @ neck
    yaw = np.degrees(np.arctan2(-turn[2, 0], np.hypot(turn[0, 0], turn[1, 0])))
    row = round(min(yaw if sign == "screen" else -yaw, 39.0))
    if row >= 0:
        return row
    return 78 if row < -39 else 39 - row


def pad(values: np.ndarray, width: int) -> np.ndarray:
    return np.r_[np.asarray(values, np.float64), np.zeros(width - len(values))]


def pose_vertices(
    model: HeadModel,
    shape: np.ndarray,
    expr: np.ndarray,
    pose: np.ndarray,
    eyelids: np.ndarray | None = None,
    offset: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Vertices (V, 3) and joints (5, 3) before the translation, and the five local rotations."""
    vertices = model.v_template.astype(np.float64)
    vertices = vertices + model.shapedirs.astype(np.float64) @ pad(shape, model.shape_count)
    vertices = vertices + model.expressiondirs.astype(np.float64) @ pad(expr, model.expression_count)
    if offset is not None:
        vertices = vertices + offset
    rest = model.j_regressor.astype(np.float64) @ vertices
    if eyelids is not None and model.eyelids is not None:
        vertices = vertices + model.eyelids.astype(np.float64) @ eyelids

    rotations = [rotation_matrix(vector) for vector in pose.reshape(5, 3)]
    feature = np.concatenate([(rotation - np.eye(3)).reshape(9) for rotation in rotations[1:]])
    vertices = vertices + model.posedirs.astype(np.float64) @ feature

    world = []
    for joint, parent in enumerate((-1, 0, 1, 1, 1)):
        local = np.eye(4)
        local[:3, :3] = rotations[joint]
        local[:3, 3] = rest[joint] if parent < 0 else rest[joint] - rest[parent]
        world.append(local if parent < 0 else world[parent] @ local)
    posed = np.zeros_like(vertices)
    for joint in range(5):
        away = np.eye(4)
        away[:3, 3] = -rest[joint]
        moved = (world[joint] @ away @ np.c_[vertices, np.ones(len(vertices))].T).T[:, :3]
        posed += model.lbs_weights[:, joint, None].astype(np.float64) * moved
    return posed, np.array([transform[:3, 3] for transform in world]), rotations


def landmarks_of(model: HeadModel, vertices: np.ndarray, row: int) -> np.ndarray:
    """Landmarks (68, 3) of posed ``vertices`` (V, 3) with the contour of one row."""
    table = model.landmarks
    if table is None:
        return np.zeros((0, 3))
    triples = np.concatenate([table.contour_corners[row], table.static_corners])
    weights = np.concatenate([table.contour_barycentric[row], table.static_barycentric]).astype(np.float64)
    points = [weight @ vertices[corners] for corners, weight in zip(triples, weights, strict=True)]
    return np.array(points)


def forward(model: HeadModel, params: Params, contour: str = "screen") -> ReferenceSurface:
    posed, joints, rotations = pose_vertices(
        model, params.shape, params.expr, params.pose, params.eyelids, params.vertex_offset
    )
    translation = params.translation.astype(np.float64)
    posed, joints = posed + translation, joints + translation
    row = contour_row_of(rotations[0], rotations[1], contour)
    return ReferenceSurface(posed, landmarks_of(model, posed, row), joints, row)


def random_model(vertices: int, faces: int, shapes: int, expressions: int, seed: int = 0) -> HeadModel:
    """A model of random numbers at the scales of FLAME: a head of 25 cm, components of millimetres."""
    rng = np.random.default_rng(seed)

    def numbers(*shape: int, scale: float) -> np.ndarray:
        return (scale * rng.standard_normal(shape)).astype(np.float32)

    def decaying(count: int, scale: float) -> np.ndarray:
        return numbers(vertices, 3, count, scale=scale) / np.sqrt(1 + np.arange(count, dtype=np.float32))

    template = (rng.uniform(-1, 1, (vertices, 3)) * (0.08, 0.13, 0.1)).astype(np.float32)
    joints = np.array(
        [[0, -0.09, -0.03], [0, -0.05, -0.02], [0, -0.02, 0], [0.03, 0.03, 0.06], [-0.03, 0.03, 0.06]]
    )
    regressor = np.zeros((5, vertices))
    for joint, place in enumerate(joints):
        near = np.argsort(np.linalg.norm(template - place, axis=1))[: min(40, vertices)]
        weights = rng.uniform(-0.2, 1.0, len(near))
        regressor[joint, near] = weights / weights.sum()
    weights = rng.dirichlet(np.full(5, 0.3), vertices)
    corners = np.argsort(rng.random((faces, min(vertices, 12))), axis=1)[:, :3]
    corners = (corners + rng.integers(0, vertices, (faces, 1))) % vertices
    model_faces = np.ascontiguousarray(corners, dtype=np.int32)
    embedding = LandmarkEmbedding(
        static_corners=model_faces[rng.integers(0, faces, 51)],
        static_barycentric=rng.dirichlet(np.ones(3), 51).astype(np.float32),
        contour_corners=model_faces[rng.integers(0, faces, (79, 17))],
        contour_barycentric=rng.dirichlet(np.ones(3), (79, 17)).astype(np.float32),
    )
    return HeadModel(
        name=f"random {vertices}",
        version="test",
        digest=str(seed),
        licence="none",
        v_template=frozen(template),
        faces=model_faces,
        shapedirs=frozen(decaying(shapes, 2e-3)),
        expressiondirs=decaying(expressions, 2e-3),
        posedirs=numbers(vertices, 3, 36, scale=1e-3),
        j_regressor=regressor.astype(np.float32),
        lbs_weights=frozen(weights),
        shape_ranges=np.tile(np.float32([-3, 3]), (shapes, 1)),
        expression_ranges=np.tile(np.float32([-3, 3]), (expressions, 1)),
        landmarks=embedding,
        eyelids=numbers(vertices, 3, 2, scale=3e-3),
    )
