"""Films from the shell: rates, turning while playing, and a session's camera along its keys."""

from __future__ import annotations

import math
from dataclasses import replace

import imageio_ffmpeg
import numpy as np
import pytest

from studio.document.camera_commands import key_camera
from studio.document.document import Document
from studio.session.state import State
from studio.session.writing import write_session
from tests.cli.shell import answer, run

SMALL = ("--size", "48x32", "--samples", "1", "--device", "cpu")


@pytest.mark.parametrize("ending", ["webm", "mov"])
def test_a_transparent_film(renderer, clip_file, tmp_path, ending, capsys):
    out = tmp_path / f"jaw.{ending}"
    assert run("export", clip_file, "-o", out, *SMALL, "--transparent", "--json") == 0
    assert answer(capsys)["frames"] == 6
    assert imageio_ffmpeg.count_frames_and_secs(str(out))[0] == 6
    assert all(shot.transparent for shot in renderer.shots)


def test_another_rate(renderer, clip_file, tmp_path, capsys):
    out = tmp_path / "jaw.mp4"
    assert run("export", clip_file, "-o", out, *SMALL, "--fps", "48", "--json") == 0
    told = answer(capsys)
    assert (told["frames"], told["fps"]) == (12, 48.0)
    assert imageio_ffmpeg.count_frames_and_secs(str(out)) == (12, pytest.approx(0.25, abs=0.01))


def test_a_turning_head_plays_over_and_over(renderer, clip_file, tmp_path, capsys):
    words = ("--seconds", "0.5", "--fps", "24", "--playing")
    assert run("turntable", clip_file, "-o", tmp_path / "turn.mp4", *SMALL, *words, "--json") == 0
    assert answer(capsys)["frames"] == 12
    angles = np.diff([shot.camera.azimuth for shot in renderer.shots])
    np.testing.assert_allclose(angles, 2.0 * math.pi / 12.0)
    jaws = [shot.surface.vertices for shot in renderer.shots]
    for index in range(6):
        np.testing.assert_allclose(jaws[index], jaws[index + 6], atol=1e-6)
    assert np.abs(jaws[5] - jaws[0]).max() > 1e-4
    assert [shot.occasion.frame for shot in renderer.shots] == [*range(6), *range(6)]


def test_without_playing_it_is_still(renderer, clip_file, tmp_path):
    words = ("--seconds", "0.25", "--fps", "24")
    assert run("turntable", clip_file, "-o", tmp_path / "turn.mp4", *SMALL, *words) == 0
    assert len({id(shot.surface) for shot in renderer.shots}) == 1


@pytest.fixture
def keyed_session(head_model, tmp_path):
    """A still whose camera goes from the front to the right in ten frames."""
    document = Document(head_model)
    for frame, azimuth in ((0.0, 0.0), (10.0, 1.0)):
        document.set(position=frame)
        document.set(camera=document.camera.replace(azimuth=azimuth, distance=0.8))
        key_camera(document).apply(document)
    take = replace(document.take, length=11)
    document.set(takes=(take,), position=5.0)
    write_session(tmp_path / "move.flame", State.of(document))
    return tmp_path / "move.flame"


def azimuths(renderer):
    return [shot.camera.azimuth for shot in renderer.shots]


def test_a_session_s_camera_moves_in_its_film(renderer, keyed_session, tmp_path):
    assert run("export", keyed_session, "-o", tmp_path / "move.mp4", *SMALL) == 0
    found = azimuths(renderer)
    assert (len(found), found[0], found[5], found[-1]) == (
        11,
        pytest.approx(0.0),
        pytest.approx(0.5),
        pytest.approx(1.0),
    )
    assert all(np.diff(found) > 0.0)


def test_a_picture_is_taken_from_where_the_camera_is_then(renderer, keyed_session, tmp_path):
    assert run("render", keyed_session, "-o", tmp_path / "a.png", *SMALL) == 0
    assert run("render", keyed_session, "-o", tmp_path / "b.png", *SMALL, "--frame", "10") == 0
    assert azimuths(renderer) == [pytest.approx(0.5), pytest.approx(1.0)]


def test_flags_hold_the_camera(renderer, keyed_session, tmp_path):
    assert run("export", keyed_session, "-o", tmp_path / "a.mp4", *SMALL, "--azimuth", "90") == 0
    assert {round(angle, 6) for angle in azimuths(renderer)} == {round(math.pi / 2.0, 6)}


def test_a_film_that_was_cut_short_is_known(renderer, clip_file, tmp_path, capsys):
    whole = tmp_path / "whole.mp4"
    words = ("--seconds", "4", "--fps", "24", "--quality", "100")
    assert run("turntable", clip_file, "-o", whole, "--size", "200x160", *words, "--json") == 0
    capsys.readouterr()
    assert run("info", whole, "--json") == 0
    told = answer(capsys)
    assert (told["frames"], told["fps"], told["sizes"]) == (96, 24.0, {"width": 200, "height": 160})
    assert told["problems"] == []
    content = whole.read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(content[: len(content) * 2 // 3])
    assert run("info", cut, "--json") == 1
    (problem,) = answer(capsys)["problems"]
    assert problem.startswith("cut.mp4 is cut short: of 96 frames")
    assert problem.endswith("get the film again.")
