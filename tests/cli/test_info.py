"""What the command line tells of a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from studio.cli.arguments import common_flags
from studio.document.document import Document
from studio.flame.model import HeadModel
from studio.flame.open_head import OPEN_HEAD
from studio.session.state import State
from studio.session.writing import write_session
from tests.cli.shell import Grey, answer, run


def test_info_of_a_clip(renderer: Grey, clip_file: Path, capsys: Any) -> None:
    assert run("info", clip_file, "--json") == 0
    told = answer(capsys)
    assert told["kind"] == "clip"
    assert (told["frames"], told["fps"], told["seconds"]) == (6, 24.0, 0.25)
    assert told["sizes"] == {"shape": 6, "expression": 4}
    assert told["made_on"] == "tiny"
    assert told["problems"] == []
    assert run("info", clip_file) == 0
    assert "frames         6\n" in capsys.readouterr().out


def test_info_of_a_clip_that_moves_vertices(tmp_path: Path, renderer: Grey, capsys: Any) -> None:
    moved = np.full((1, 62, 3), 0.001)
    np.savez(tmp_path / "moved.npz", jaw_pose=np.zeros((1, 3)), static_offset=moved)
    assert run("info", tmp_path / "moved.npz", "--json") == 0
    assert answer(capsys)["sizes"]["moved vertices"] == 62


def test_info_of_a_session(tmp_path: Path, renderer: Grey, tiny_model: HeadModel, capsys: Any) -> None:
    path = tmp_path / "mine.flame"
    write_session(path, State.of(Document(tiny_model)))
    assert run("info", path, "--json") == 0
    told = answer(capsys)
    assert (told["kind"], told["takes"], told["frames"], told["made_on"]) == ("session", ["Pose"], 1, "tiny")
    path.write_bytes(path.read_bytes()[:-40])
    assert run("info", path, "--json") == 1
    told = answer(capsys)
    assert told["kind"] == "session"
    assert "mine.flame is cut short" in told["problems"][0]


def test_info_of_what_was_exported(tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any) -> None:
    kinds = {"a.png": "picture", "a.mp4": "film", "a.gif": "picture", "a.obj": "mesh", "a.ply": "mesh"}
    for name, kind in kinds.items():
        verb = "render" if name.endswith("png") else "export"
        assert run(verb, clip_file, "-o", tmp_path / name, "--size", "16x16") == 0
        capsys.readouterr()
        assert run("info", tmp_path / name, "--json") == 0
        told = answer(capsys)
        assert told["kind"] == kind
        assert told["problems"] == []
        if name in ("a.mp4", "a.gif"):
            assert told["frames"] == 6
        if kind != "mesh":
            assert "Free for tests" in told["note"]
        if kind == "mesh":
            assert told["sizes"] == {"vertices": 62, "faces": 120}


def test_info_tells_problems(tmp_path: Path, renderer: Grey, clip_file: Path, capsys: Any) -> None:
    poses = {"jaw_pose": np.full((2, 3), np.nan)}
    np.savez(tmp_path / "nan.npz", **poses)
    (tmp_path / "empty.npz").write_bytes(b"")
    (tmp_path / "cut.npz").write_bytes(clip_file.read_bytes()[:200])
    (tmp_path / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n123")
    np.savez(tmp_path / "huge.npz", expr=np.full((2, 4), 1e30))
    (tmp_path / "code.pkl").write_bytes(b"\x80\x04cos\nsystem\n(S'true'\ntR.")
    for name in ("nan.npz", "huge.npz", "cut.npz", "cut.png", "empty.npz", "code.pkl"):
        assert run("info", tmp_path / name, "--json") == 1
        told = answer(capsys)
        (problem,) = told["problems"]
        assert name in problem
        assert told["title"]
        assert run("info", tmp_path / name) == 1
        captured = capsys.readouterr()
        assert "bytes" in captured.out
        assert captured.err == f"flame-studio: {problem}\n"


def test_info_of_a_clip_with_a_broken_number_still_tells_what_it_is(
    tmp_path: Path, renderer: Grey, capsys: Any
) -> None:
    np.savez(tmp_path / "huge.npz", expr=np.full((2, 4), 1e30))
    assert run("info", tmp_path / "huge.npz", "--json") == 1
    told = answer(capsys)
    assert told["kind"] == "clip"
    assert told["arrays"] == {"expr": "float64 [2, 4]"}


def test_info_takes_the_names_of_examples(renderer: Grey, capsys: Any) -> None:
    assert run("info", "speak") == 0
    assert "Clip of parameters" in capsys.readouterr().out


def test_notices_do_not_make_a_file_unusable(tmp_path: Path, renderer: Grey, capsys: Any) -> None:
    np.savez(tmp_path / "silent.npz", expr=np.zeros((2, 4)))
    assert run("info", tmp_path / "silent.npz", "--json") == 0
    told = answer(capsys)
    assert told["problems"] == []
    assert "frame rate" in told["notices"][0]


def test_the_open_head_has_a_name(renderer: Grey, capsys: Any) -> None:
    assert run("info", "open_head", "--json") == 0
    assert answer(capsys)["title"] == "Open head"
    flags = common_flags().parse_args(["--model", "open_head"])
    assert flags.model == OPEN_HEAD
