"""A shell with a tiny model, and a clip for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studio.flame.model import HeadModel
from studio.sequence.clip import Clip
from studio.sequence.files import write_clip
from tests.cli.shell import Grey


@pytest.fixture
def renderer(monkeypatch: pytest.MonkeyPatch, tiny_model: HeadModel) -> Grey:
    """Pictures by ``Grey``, heads by the tiny model."""
    grey = Grey()
    for module in ("verbs", "films"):
        monkeypatch.setattr(f"studio.cli.{module}.open_renderer", lambda: grey)
    monkeypatch.setattr("studio.cli.stage.load_model", lambda path: tiny_model)
    monkeypatch.setattr("studio.cli.inspection.load_model", lambda path: tiny_model)
    return grey


@pytest.fixture
def clip_file(tmp_path: Path, tiny_model: HeadModel) -> Path:
    """Six frames, the jaw opening, at 24 frames a second."""
    widths = {"expr": 4, "rotation": 3, "neck_pose": 3, "eyes_pose": 6, "translation": 3}
    channels = {name: np.zeros((6, width)) for name, width in widths.items()}
    jaw = np.zeros((6, 3))
    jaw[:, 0] = np.linspace(0.0, 0.3, 6)
    path = tmp_path / "jaw.npz"
    write_clip(path, Clip(shape=np.zeros(6), jaw_pose=jaw, fps=24.0, **channels), tiny_model)
    return path
