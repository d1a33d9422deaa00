"""Eyeballs: spheres with rings about the gaze, fine where iris and pupil are."""

from __future__ import annotations

import numpy as np

from .lashes import SIDES
from .parts import Chart, Part, affine_weights, operator_from
from .source import Array, BaseMesh

RING_DEGREES = (9.0, 17.0, 24.0, 31.0, 40.0, 52.0, 66.0, 84.0, 104.0)
SEGMENTS = 20
MAP_EXPONENT = 0.6  # radius in the map over the angle from the gaze: below 1 the iris gets more room
RIM = 1.006  # subdivision pulls a coarse sphere in by this much


def build_eyeball(base: BaseMesh, average: Array, side: str) -> Part:
    """One eyeball; the map shows the front half, gaze in the middle, radius growing with the angle."""
    group = base.groups[f"helper-{SIDES[side]}-eye"]
    centre = average[base.joint(f"{SIDES[side]}-eye")].mean(axis=0)
    anchors = average[group.vertices]
    radius = float(np.linalg.norm(anchors - centre, axis=1).mean()) * RIM
    theta = np.radians(RING_DEGREES)[:, None]
    phi = np.linspace(0.0, 2.0 * np.pi, SEGMENTS, endpoint=False)[None]
    ring = np.stack(
        [np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta) + 0.0 * phi], axis=-1
    )
    directions = np.concatenate(
        [[[0.0, 0.0, 1.0]], ring.reshape(-1, 3), [[0.0, 0.0, np.cos(np.radians(125.0))]]]
    )
    points = centre + radius * directions
    share = np.concatenate(
        [[0.0], np.repeat((np.array(RING_DEGREES) / 125.0) ** MAP_EXPONENT, SEGMENTS), [1.0]]
    )
    flat = np.concatenate(
        [[[0.0, 0.0]], np.tile(np.stack([np.cos(phi[0]), np.sin(phi[0])], 1), (len(theta), 1))]
    )
    uv = 0.5 + 0.5 * share[:-1, None] * flat

    step = np.arange(SEGMENTS)
    after = np.roll(step, -1)
    faces = [np.stack([np.zeros(SEGMENTS, dtype=np.int64), 1 + step, 1 + after], 1)]
    for k in range(len(RING_DEGREES) - 1):
        inner, outer = 1 + k * SEGMENTS, 1 + (k + 1) * SEGMENTS
        faces += [
            np.stack([inner + step, outer + step, outer + after], 1),
            np.stack([inner + step, outer + after, inner + after], 1),
        ]
    last, back = 1 + (len(RING_DEGREES) - 1) * SEGMENTS, len(points) - 1
    faces.append(np.stack([last + step, np.full(SEGMENTS, back), last + after], 1))
    # the back of the ball is one fan; in the map each of its triangles gets a tip of its own on the outline
    tips = 0.5 + 0.5 * np.stack([np.cos(phi[0] + np.pi / SEGMENTS), np.sin(phi[0] + np.pi / SEGMENTS)], 1)
    uv_faces = [*faces[:-1], np.stack([last + step, len(uv) + step, last + after], 1)]
    operator = operator_from(affine_weights(points, anchors), group.vertices, len(average))
    name = f"{side}_eyeball"
    chart = Chart(name, np.concatenate([uv, tips]), np.concatenate(uv_faces))
    return Part(operator, np.concatenate(faces), [chart], {name: np.arange(len(points))})
