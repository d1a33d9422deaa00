"""Every command takes a clip in every layout, of any length."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.cli import stage as stages
from tests.cli.shell import Grey, answer, run
from tests.sequence.layouts import LAYOUTS, columns, write


@pytest.mark.parametrize("layout", LAYOUTS)
def test_info_tells_frames_and_sizes(tmp_path: Path, renderer: Grey, capsys: Any, layout: str) -> None:
    path = write(layout, tmp_path, columns(12))
    assert run("info", path, "--json") == 0
    told = answer(capsys)
    rate = {"json": 60.0, "packed": 30.0}.get(layout, 25.0)
    assert (told["kind"], told["frames"], told["fps"]) == ("clip", 12, rate)
    assert told["seconds"] == pytest.approx(12 / rate)
    assert told["sizes"] == {"shape": 6, "expression": 4}
    assert (told["problems"], len(told["notices"])) == ([], 0 if layout in ("json", "packed") else 1)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_forward_and_film_take_it(tmp_path: Path, renderer: Grey, capsys: Any, layout: str) -> None:
    (tmp_path / "in").mkdir()
    arrays = columns(12)
    path = write(layout, tmp_path / "in", arrays)
    (tmp_path / "plain").mkdir()
    plain = write("npz", tmp_path / "plain", arrays)
    for clip, out in ((path, "a.npz"), (plain, "b.npz")):
        assert run("forward", clip, "-o", tmp_path / out, "--json") == 0
        assert answer(capsys)["frames"] == 12
    with np.load(tmp_path / "a.npz") as one, np.load(tmp_path / "b.npz") as other:
        np.testing.assert_array_equal(one["vertices"], other["vertices"])
        assert one["vertices"].shape == (12, 62, 3)
    assert run("render", path, "-o", tmp_path / "%05d.png", "--size", "8x8", "--json") == 0
    assert answer(capsys)["frames"] == 12
    assert run("turntable", path, "-o", tmp_path / "t.gif", "--size", "8x8", "--seconds", "0.2") == 0


def test_no_picture_and_no_forward_pass_holds_the_whole_clip(
    tmp_path: Path, renderer: Grey, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("npz", tmp_path, columns(700))
    monkeypatch.setattr(stages, "read_clip", None)
    for verb, name in (("render", "a.png"), ("export", "a.obj"), ("normals", "b.png")):
        assert run(verb, path, "-o", tmp_path / name, "--frame", 650) == 0
        assert "frame rate" in capsys.readouterr().err
    assert run("forward", path, "-o", tmp_path / "out.npz", "--json") == 0
    told = answer(capsys)
    assert told["frames"] == 700
    assert told["notices"] == ["clip.npz does not say its frame rate; 25 frames a second are used."]


def test_a_broken_frame_ends_the_work_with_its_number(tmp_path: Path, renderer: Grey, capsys: Any) -> None:
    arrays = columns(600)
    arrays["neck_pose"][451, 1] = np.nan
    path = write("npz", tmp_path, arrays)
    for words in (("info", path), ("forward", path, "-o", tmp_path / "out.npz")):
        assert run(*words) == 1
        assert "neck_pose in clip.npz is not a finite number in frame 451" in capsys.readouterr().err
    assert not (tmp_path / "out.npz").exists()


def test_a_frame_of_a_pattern_is_not_replaced(tmp_path: Path, renderer: Grey, capsys: Any) -> None:
    pattern = write("numbered", tmp_path, columns(3))
    assert run("forward", pattern, "-o", tmp_path / "frame_1.npz") == 1
    assert "would be lost" in capsys.readouterr().err


def test_a_damaged_json_is_told_by_line(tmp_path: Path, renderer: Grey, capsys: Any) -> None:
    path = tmp_path / "cut.json"
    path.write_text('{"frames": [\n{"expression": [1, 2}]}')
    for words in (("info", path), ("forward", path, "-o", tmp_path / "out.npz")):
        assert run(*words) == 1
        assert "cut.json is not whole JSON: line 2" in capsys.readouterr().err
