"""Poses and named controls in the shell."""

from __future__ import annotations

import math

import numpy as np
import pytest

from studio.controls.named_controls import control_set, read
from studio.controls.preset_file import write_preset
from studio.controls.presets import Exact, Preset
from studio.flame.params import Params
from studio.sequence.files import read_clip
from tests.cli.shell import answer, run


def controls_of(path, model):
    clip, _ = read_clip(path, model)
    return read(control_set(model), clip.frame(len(clip) - 1))


def test_a_pose_by_name_at_a_strength(head_model, tmp_path, capsys):
    out = tmp_path / "x.npz"
    assert (
        run("export", "--model", "open_head", "-o", out, "--pose", "kiss", "--strength", "0.5", "--json") == 0
    )
    assert answer(capsys)["frames"] == 1
    assert controls_of(out, head_model)["mouthPucker"] == pytest.approx(0.425, abs=1e-4)


def test_controls_have_the_last_word_and_turns_are_in_degrees(head_model, tmp_path):
    out = tmp_path / "x.npz"
    words = ("--pose", "Smile", "--control", "mouthSmileLeft=0.1,headturn=10", "--control", "jawOpen=0.25")
    assert run("export", "--model", "open_head", "-o", out, *words) == 0
    told = controls_of(out, head_model)
    assert told["mouthSmileLeft"] == pytest.approx(0.1, abs=1e-4)
    assert told["mouthSmileRight"] == pytest.approx(0.55, abs=1e-4)
    assert told["headTurn"] == pytest.approx(math.radians(10.0), abs=1e-5)
    assert told["jawOpen"] == pytest.approx(0.25, abs=1e-4)


def test_every_frame_of_a_clip_is_posed(head_model, tmp_path):
    plain, posed = tmp_path / "plain.npz", tmp_path / "posed.npz"
    assert run("forward", "smile", "--model", "open_head", "-o", plain) == 0
    assert run("forward", "smile", "--model", "open_head", "-o", posed, "--control", "headTurn=20") == 0
    with np.load(plain) as before, np.load(posed) as after:
        moved = np.abs(after["landmarks"] - before["landmarks"]).max(axis=(1, 2))
    assert len(moved) > 10
    assert moved.min() > 0.01


def test_a_file_and_what_it_is(tmp_path, capsys):
    path = tmp_path / "mine.flamepose"
    write_preset(path, Preset("Mine", ("jaw",), {"jawOpen": 0.5}, ("loud",)))
    assert run("export", "--model", "open_head", "-o", tmp_path / "x.npz", "--pose", path, "--json") == 0
    answer(capsys)
    assert run("info", path, "--json") == 0
    told = answer(capsys)
    assert (told["kind"], told["name"], told["controls"]) == ("pose", "Mine", {"jawOpen": 0.5})
    path.write_text(path.read_text()[:-9])
    assert run("info", path) == 1
    assert "mine.flamepose" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--pose", "Smyle"), "did you mean Smile"),
        (("--pose", "none.flamepose"), "does not exist"),
        (("--control", "jawOpn=1"), "did you mean jawOpen"),
    ],
)
def test_one_sentence_on_what_there_is_not(tmp_path, capsys, words, told):
    out = tmp_path / "x.npz"
    assert run("export", "--model", "open_head", "-o", out, *words) == 1
    assert told in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize("words", [("--strength", "2"), ("--strength", "nan"), ("--control", "jawOpen=nan")])
def test_numbers_that_are_none_are_usage(tmp_path, words):
    assert run("export", "-o", tmp_path / "x.npz", *words) == 2


def test_a_pose_of_another_basis_is_told(head_model, tmp_path, capsys):
    path, out = tmp_path / "mine.flamepose", tmp_path / "x.npz"
    exact = Exact("Another head", "11" * 32, Params.zeros(3, 2).replace(expr=(1.0, 0.0)))
    write_preset(path, Preset("Mine", ("jaw",), {"jawOpen": 0.5}, exact=exact))
    assert run("export", "--model", "open_head", "-o", out, "--pose", path, "--json") == 0
    assert any("Another head" in notice for notice in answer(capsys)["notices"])
    write_preset(path, Preset("Mine", ("jaw",), exact=exact))
    assert run("export", "--model", "open_head", "-o", tmp_path / "y.npz", "--pose", path) == 1
    assert "holds only components of Another head" in capsys.readouterr().err
