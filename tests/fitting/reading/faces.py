"""Landmarks of a plain face for tests, and the files that published tools write of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from studio.flame.landmark_names import IBUG


def face_points(size=(640, 480), at=(320.0, 240.0), width: float = 160.0) -> np.ndarray:
    """(68, 2) an upright face from the front, by the names of its points."""
    angle = np.linspace(np.pi, 0.0, 17)
    points = np.zeros((68, 2))
    points[:17] = np.stack([0.5 * np.cos(angle), 0.6 * np.sin(angle)], axis=1)
    points[17:22] = np.stack([np.linspace(-0.4, -0.1, 5), [-0.25, -0.3, -0.31, -0.3, -0.27]], axis=1)
    points[22:27] = points[17:22][::-1] * (-1.0, 1.0)
    points[27:31] = np.stack([np.zeros(4), np.linspace(-0.15, 0.1, 4)], axis=1)
    points[31:36] = np.stack([np.linspace(-0.1, 0.1, 5), [0.15, 0.16, 0.17, 0.16, 0.15]], axis=1)
    eye = np.array(
        [(-0.3, -0.12), (-0.25, -0.16), (-0.18, -0.16), (-0.12, -0.12), (-0.18, -0.09), (-0.25, -0.09)]
    )
    points[36:42] = eye
    points[42:48] = (eye * (-1.0, 1.0))[[3, 2, 1, 0, 5, 4]]
    for start, count, radius in ((48, 12, (0.2, 0.09)), (60, 8, (0.15, 0.04))):
        around = np.pi + 2.0 * np.pi * np.arange(count) / count
        points[start : start + count] = np.stack(
            [radius[0] * np.cos(around), 0.33 + radius[1] * np.sin(around)], axis=1
        )
    assert len(IBUG) == len(points)
    return points * width + at


def mmpose(points: np.ndarray, scores=None, **more) -> dict:
    scores = np.ones(len(points)) if scores is None else scores
    return {"keypoints": np.asarray(points).tolist(), "keypoint_scores": np.asarray(scores).tolist(), **more}


def write_json(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path
