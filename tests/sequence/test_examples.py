from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studio.flame.model import HeadModel
from studio.flame.rotations import relative
from studio.sequence.examples import example_clips, example_path
from studio.sequence.files import read_clip
from tools.bake_clips import bake

PATHS = [path for _, path in example_clips()]


def test_five_examples_are_shipped() -> None:
    titles = ["Look around", "Speak", "Blink", "Smile", "Tracked, with jitter"]
    assert [title for title, _ in example_clips()] == titles
    assert all(path.is_file() and path.stat().st_size < 40_000 for path in PATHS)
    assert example_path("speak") == PATHS[1]
    assert example_path("sing") is None


def test_baking_again_gives_the_shipped_bytes(tmp_path: Path) -> None:
    for made, shipped in zip(bake(tmp_path), PATHS, strict=True):
        assert made.read_bytes() == shipped.read_bytes(), shipped.name


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_examples_play_on_the_open_head(path: Path, head_model: HeadModel) -> None:
    clip, notices = read_clip(path, head_model)
    assert notices == []
    assert 3.0 <= clip.duration <= 6.0
    assert clip.expr.max() > 0.5
    low, high = head_model.expression_ranges.T
    assert (clip.expr >= low).all()
    assert (clip.expr <= high).all()


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_examples_loop_without_a_jump(path: Path, head_model: HeadModel) -> None:
    clip, _ = read_clip(path, head_model)
    for name in ("neck_pose", "jaw_pose"):
        values = getattr(clip, name)
        steps = np.linalg.norm(relative(values, np.roll(values, -1, axis=0)), axis=1)
        assert steps[-1] <= max(steps[:-1].max(), 0.01)
    seam = np.abs(clip.expr[-1] - clip.expr[0]).max()
    assert seam <= np.abs(np.diff(clip.expr, axis=0)).max()
    assert seam < 0.1


def test_closed_mouth_never_exceeds_what_the_jaw_allows(head_model: HeadModel) -> None:
    from studio.controls.correctives import settle

    clip, _ = read_clip(PATHS[1], head_model)
    for frame in clip.frames():
        settled = settle(head_model, frame)
        assert np.abs(settled.expr - frame.expr).max() < 2e-3


def test_on_a_model_without_names_the_poses_play_and_it_is_told(tiny_model: HeadModel) -> None:
    clip, notices = read_clip(PATHS[0], tiny_model)
    assert clip.neck_pose.any()
    assert clip.eyes_pose.any()
    assert not clip.expr.any()
    assert len(notices) == 1
    assert "poses play" in notices[0]
