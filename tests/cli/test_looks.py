"""The flags for light, background and caption."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.document.lights import PRESETS
from studio.flame.model import HeadModel
from tests.cli.shell import Grey, run


@pytest.fixture
def head(monkeypatch: pytest.MonkeyPatch, renderer: Grey, head_model: HeadModel) -> Grey:
    """Pictures by ``Grey`` of the open head."""
    monkeypatch.setattr("studio.cli.stage.load_model", lambda path: head_model)
    return renderer


def _render(tmp_path: Path, *flags: object) -> int:
    return run("render", "-o", tmp_path / "head.png", "--size", "40x40", "--json", *flags)


def test_light_environment_caption_and_lines(tmp_path: Path, head: Grey) -> None:
    np.save(tmp_path / "room.npy", np.ones((9, 3)))
    flags = ("--light", "three_point", "--environment", tmp_path / "room.npy", "--wire", "--exposure", "1.5")
    assert _render(tmp_path, *flags, "--caption", "{take} {frame}") == 0
    shot = head.shots[-1]
    assert shot.look.light == PRESETS["Three-point"]
    assert shot.look.environment.coefficients == (1.0,) * 27
    assert shot.look.wire_over
    assert shot.look.exposure == 1.5
    assert shot.look.caption.text == "{take} {frame}"
    assert shot.occasion.take == "neutral"


def test_frames_of_a_film_say_their_numbers(tmp_path: Path, head: Grey) -> None:
    out = tmp_path / "f_%02d.png"
    assert run("render", "blink", "-o", out, "--size", "40x40", "--json", "--caption", "{frame}") == 0
    assert [shot.occasion.frame for shot in head.shots] == list(range(len(head.shots)))
    assert head.shots[-1].occasion.seconds > 0.0
    assert head.shots[-1].occasion.take == "Blink"


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [("#203040", "plain"), ("#fff,#000", "gradient"), ("transparent", "transparent"), ("sky.png", "picture")],
)
def test_backgrounds(tmp_path: Path, head: Grey, monkeypatch: Any, wanted: str, kind: str) -> None:
    monkeypatch.chdir(tmp_path)
    Image.fromarray(np.zeros((4, 8, 3), np.uint8)).save("sky.png")
    assert _render(tmp_path, "--background", wanted) == 0
    assert head.shots[-1].look.backdrop.kind == kind
    assert head.shots[-1].transparent is (kind == "transparent")


@pytest.mark.parametrize(("name", "matcap"), [("red_wax", "red wax"), ("zebra", "zebra")])
def test_a_matcap_implies_its_mode(tmp_path: Path, head: Grey, name: str, matcap: str) -> None:
    assert _render(tmp_path, "--matcap", name) == 0
    assert head.shots[-1].look.mode == "matcap"
    assert head.shots[-1].look.finish.matcap == matcap


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("--background", "#12"), "#12 is no colour"),
        (("--background", "#000,#111,#222"), "has 3 colours"),
        (("--background", "nowhere.png"), "nowhere.png"),
        (("--matcap", "nothing"), "nothing"),
        (("--environment", "none.hdr"), "none.hdr"),
    ],
)
def test_what_cannot_be_is_told(tmp_path: Path, head: Grey, capsys: Any, flags: Any, told: str) -> None:
    assert _render(tmp_path, *flags) == 1
    assert told in capsys.readouterr().out
    assert not (tmp_path / "head.png").exists()
