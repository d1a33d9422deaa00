"""Clips that the tests of operations work on."""

from __future__ import annotations

import numpy as np

from studio.sequence.clip import Clip

WIDTHS = {"expr": 4, "rotation": 3, "neck_pose": 3, "jaw_pose": 3, "eyes_pose": 6, "translation": 3}


def waving(frames: int = 60, fps: float = 25.0, offsets: bool = False, seed: int = 3) -> Clip:
    """A clip in which everything moves smoothly, as a function of time alone."""
    random = np.random.default_rng(seed)
    time = np.arange(frames)[:, None] / fps

    def wave(width: int, size: float) -> np.ndarray:
        pace, phase = random.uniform(1.0, 4.0, width), random.uniform(0.0, 6.0, width)
        return size * np.sin(pace * time + phase)

    rows = {name: wave(width, 0.4) for name, width in WIDTHS.items()}
    moving = 0.002 * wave(18, 1.0).reshape(frames, 6, 3) if offsets else None
    return Clip(
        shape=random.normal(size=5),
        eyelids=0.5 + 0.4 * wave(2, 1.0),
        static_offset=random.normal(size=(6, 3)) * 0.001 if offsets else None,
        dynamic_offset=moving,
        fps=fps,
        model_name="tiny",
        model_digest="ab",
        **rows,
    )


def spinning(frames: int, axis: tuple[float, float, float], rate: float, fps: float = 25.0) -> Clip:
    """A head that turns steadily about one axis, ``rate`` radians a frame, from half a turn back."""
    still = {name: np.zeros((frames, width)) for name, width in WIDTHS.items()}
    unit = np.array(axis) / np.linalg.norm(axis)
    still["rotation"] = (rate * np.arange(frames) - 1.0)[:, None] * unit
    return Clip(shape=np.zeros(5), fps=fps, **still)
