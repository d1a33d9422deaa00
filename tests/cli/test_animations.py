"""Takes as moving meshes from the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.cli import stage as stages
from studio.document.document import Document, Playback
from studio.document.look import Look
from studio.document.take import Take
from studio.flame.model import HeadModel
from studio.session.state import State
from studio.session.writing import write_session
from tests.backends.reference import forward
from tests.cli.shell import Grey, answer, run
from tests.export.gltf.reader import Player
from tests.scripting.test_recall import walk


def test_a_glb_tells_its_size_targets_and_difference(
    tmp_path: Path, renderer: Grey, clip_file: Path, tiny_model: HeadModel, capsys: Any
) -> None:
    path = tmp_path / "head.glb"
    assert run("export", clip_file, "-o", path, "--json") == 0
    told = answer(capsys)
    assert (told["frames"], told["fps"], told["bytes"]) == (6, 24.0, path.stat().st_size)
    assert told["targets"]
    assert all(name.startswith("jaw corrective") for name in told["targets"])
    assert told["difference_mm"]["max"] < 0.01
    player = Player.open(path)
    assert player.gltf.animations[0].name == "jaw"
    assert player.names == told["targets"]


def test_what_is_left_out_is_told(tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any) -> None:
    words = ("--targets", "components", "--count", 2, "--correctives", "none", "--plain-targets")
    assert run("export", clip_file, "-o", tmp_path / "head.glb", *words, "--json") == 0
    told = answer(capsys)
    assert told["targets"] == ["Expression 1", "Expression 2"]
    assert told["difference_mm"]["max"] > 0.1
    assert told["notices"][0] == "Pose correctives are left out."
    assert "NORMAL" not in Player.open(tmp_path / "head.glb").primitive.targets[0]
    assert run("export", clip_file, "-o", tmp_path / "head.glb", *words) == 0
    assert f"off by up to {told['difference_mm']['max']:.2f} mm" in capsys.readouterr().err


def test_one_frame(
    tmp_path: Path, renderer: Grey, clip_file: Path, tiny_model: HeadModel, capsys: Any
) -> None:
    assert run("export", clip_file, "-o", tmp_path / "head.glb", "--frame", 5, "--json") == 0
    assert answer(capsys)["frames"] == 1
    player = Player.open(tmp_path / "head.glb")
    assert player.gltf.animations == []
    jaw = next(node for node in player.gltf.nodes if node.name == "jaw")
    assert jaw.rotation[0] == pytest.approx(np.sin(0.15), abs=1e-6)


@pytest.mark.parametrize("name", ["head.mdd", "head.pc2", "head.usdc", "new/%03d.obj", "head_%d.ply"])
def test_every_format_from_a_stream(
    tmp_path: Path,
    renderer: Grey,
    clip_file: Path,
    capsys: Any,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    if name.endswith("usdc"):
        pytest.importorskip("pxr", reason="there is no usd-core for this Python")
    monkeypatch.setattr(stages, "read_clip", None)  # the clip is never in memory as a whole
    assert run("export", clip_file, "-o", tmp_path / name, "--json") == 0
    assert answer(capsys)["frames"] == 6
    made = list(tmp_path.rglob(f"*{Path(name).suffix}"))
    assert len(made) == (6 if "%" in name else 1)


def test_a_session_gives_its_take_its_look_and_the_frames_played(
    tmp_path: Path, head_model: HeadModel, capsys: Any
) -> None:
    clip = walk(head_model)
    document = Document(head_model)
    state = replace(
        State.of(document),
        takes=(*document.takes, Take.of("Walk", clip)),
        active=1,
        look=Look(mode="shaded"),
        playback=Playback(first=1, last=3),
    )
    write_session(tmp_path / "walk.flame", state)
    assert run("export", tmp_path / "walk.flame", "-o", tmp_path / "walk.glb", "--json") == 0
    assert answer(capsys)["frames"] == 3
    player = Player.open(tmp_path / "walk.glb")
    assert player.gltf.animations[0].name == "Walk"
    assert player.gltf.materials[0].name == "clay"
    for frame in range(3):
        wanted = forward(head_model, clip.frame(1 + frame)).vertices
        shown = player.vertices(frame / clip.fps)
        np.testing.assert_allclose(shown, wanted[player.rows], atol=1e-5)


def test_what_cannot_be_is_a_sentence(tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any) -> None:
    assert run("export", clip_file, "-o", tmp_path / "none" / "none" / "%d.obj") == 1
    assert "its folder does not exist" in capsys.readouterr().err
    assert run("export", clip_file, "-o", tmp_path / "head.abc") == 1
    assert ".glb" in capsys.readouterr().err
    clip_file.rename(tmp_path / "head_00000.obj")
    assert run("export", tmp_path / "head_00000.obj", "-o", tmp_path / "head_%05d.obj") == 1
    assert "would be lost" in capsys.readouterr().err


def test_lines_of_json_stay_one_object(tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any) -> None:
    assert run("export", clip_file, "-o", tmp_path / "head.glb", "--targets", "units", "--json") == 0
    assert json.loads(capsys.readouterr().out)["output"] == str(tmp_path / "head.glb")
