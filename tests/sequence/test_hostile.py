"""Damaged and hostile files: one sentence each that names the file, what is wrong and what to do."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.io import savemat

from studio.flame.model import HeadModel
from studio.scripting.files import kind_of
from studio.sequence.files import read_clip
from studio.sequence.stream import open_clip
from studio.storage.errors import StudioError
from tests.sequence import foreign

Make = Callable[[Path], Path]


class Evil:
    """Runs a command where it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, (f"touch {self.folder / 'run'}",)


def text(name: str, content: str) -> Make:
    def make(folder: Path) -> Path:
        (folder / name).write_text(content)
        return folder / name

    return make


def raw(name: str, content: bytes) -> Make:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def npz(**arrays: Any) -> Make:
    def make(folder: Path) -> Path:
        np.savez(folder / "a.npz", **arrays)
        return folder / "a.npz"

    return make


def npy(values: Any) -> Make:
    def make(folder: Path) -> Path:
        np.save(folder / "a.npy", values, allow_pickle=True)
        return folder / "a.npy"

    return make


def pickled(value: Any, name: str = "a.pkl") -> Make:
    return lambda folder: foreign.save_pickle(folder / name, value(folder) if callable(value) else value)


def mat(**arrays: Any) -> Make:
    def make(folder: Path) -> Path:
        savemat(folder / "a.mat", arrays)
        return folder / "a.mat"

    return make


def frame(change: Callable[[dict], Any]) -> Make:
    def make(folder: Path) -> Path:
        import torch

        made = foreign.tracker_frame(0)
        torch.save(change(made) or made, folder / "00000.frame")
        return folder / "00000.frame"

    return make


def cut(make: Make, share: float) -> Make:
    def shorter(folder: Path) -> Path:
        path = make(folder)
        content = path.read_bytes()
        path.write_bytes(content[: int(share * len(content))])
        return path

    return shorter


def huge_npy(shape: tuple[int, ...], descr: str = "<f4") -> bytes:
    head = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}}}"
    head += " " * (118 - len(head)) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() + b"\0" * 64


def bomb(folder: Path) -> Path:
    rows, columns = 5_000_000, 100
    header = {"descr": "<f4", "fortran_order": False, "shape": (rows, columns)}
    with (
        zipfile.ZipFile(folder / "a.npz", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("expr.npy", "w", force_zip64=True) as member,
    ):
        np.lib.format.write_array_header_1_0(member, header)
        part = bytes(4 * columns * 10_000)
        for _ in range(rows // 10_000):
            member.write(part)
    return folder / "a.npz"


def torch_without_numbers(folder: Path) -> Path:
    whole = frame(lambda made: None)(folder)
    import torch

    torch.save({"flame": {"exp": torch.zeros(1, 9)}, "opencv": {}}, whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(folder / "b.frame", "w") as target:
        for name in source.namelist():
            if "/data/" not in name:
                target.writestr(name, source.read(name))
    return folder / "b.frame"


def old_torch(folder: Path) -> Path:
    import torch

    torch.save(foreign.tracker_frame(0), folder / "a.frame", _use_new_zipfile_serialization=False)
    return folder / "a.frame"


def folder_of(**files: bytes) -> Make:
    def make(folder: Path) -> Path:
        inside = folder / "frames"
        inside.mkdir()
        for name, content in files.items():
            (inside / name.replace("_dot_", ".")).write_bytes(content)
        return inside

    return make


def bvh(before: str, after: str) -> Make:
    def make(folder: Path) -> Path:
        path = foreign.save_bvh(folder / "a.bvh", foreign.bvh_rows())
        content = path.read_text()
        assert before in content
        path.write_text(content.replace(before, after, 1))
        return path

    return make


def renamed(folder: Path) -> Path:
    path = foreign.save_bvh(folder / "a.bvh", foreign.bvh_rows())
    path.write_text(path.read_text().replace("Neck", "Tail").replace("Head", "Tip"))
    return path


def face(change: Callable[[list[str]], list[str]]) -> Make:
    def make(folder: Path) -> Path:
        rows = [{"JawOpen": 0.1}] * 4
        path = foreign.save_face_csv(folder / "a.csv", rows, [foreign.timecode(i) for i in range(4)])
        path.write_text("\n".join(change(path.read_text().splitlines())))
        return path

    return make


def first_row(before: str, after: str) -> Make:
    return face(lambda lines: [lines[0], lines[1].replace(before, after), *lines[2:]])


def npz_bytes(**arrays: Any) -> bytes:
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


EXPR = np.zeros((4, 4))
BAD_CAMERA = {"R": np.ones((3, 3)), "t": np.zeros(3)}
TWO = {name: npz_bytes(expr=EXPR) for name in ("a_dot_npz", "b_dot_npz")}
OBJ = b"v 0 0 0\nv 0 0.2 0\nv 0.1 0 0\nv 0 0 0.1\nf 1 2 3\n"
CASES: dict[str, tuple[Make, str]] = {
    "npz with code": (npz(expr=EXPR, jaw_pose=np.array({"a": 1}, dtype=object)), "jaw_pose"),
    "npz of objects": (npz(expr=np.array([1, "a", None], dtype=object)), "expr"),
    "npz cut": (cut(npz(expr=EXPR, jaw_pose=np.zeros((4, 3))), 0.5), "cut short"),
    "npz bomb": (bomb, "unpack"),
    "npz text": (npz(expr=np.array(["a"] * 4)), "numbers"),
    "npz complex": (npz(expr=EXPR.astype(complex)), "numbers"),
    "npz widths": (npz(expr=EXPR, rotation=np.zeros((4, 5))), "5 numbers"),
    "npz lengths": (npz(expr=EXPR, rotation=np.zeros((3, 3))), "3 frames"),
    "npz no frames": (npz(expr=EXPR, rotation=np.zeros((0, 3))), "no frames"),
    "npz no offsets": (npz(expr=EXPR[:1], dynamic_offset=np.zeros((0, 9, 3))), "no frames"),
    "npz nan": (npz(expr=np.where(EXPR == 0, np.nan, 0)), "not a finite number"),
    "npz infinite": (npz(expr=EXPR, translation=np.full((4, 3), np.inf)), "not a finite number"),
    "npz degrees": (npz(expr=EXPR, rotation=np.full((4, 3), 720.0)), "beyond ±100"),
    "npz no rotation": (npz(expr=EXPR, jaw=np.ones((4, 6))), "no rotation"),
    "npz no matrix": (npz(expr=EXPR, jaw=np.ones((4, 3, 3))), "no rotation"),
    "npz times back": (npz(expr=EXPR, timestamps=[0.0, 0.1, 0.05, 0.2]), "back in time"),
    "npz times nan": (npz(expr=EXPR, timestamps=[0.0, np.nan, 0.05, 0.2]), "no numbers"),
    "npz times apart": (npz(expr=EXPR, timestamps=[0.0, 0.001, 0.002, 1e7]), "would be"),
    "npz pose": (npz(pose=np.zeros((4, 16))), "16 numbers"),
    "npz eyes": (npz(leye_pose=np.zeros((4, 3)), reye_pose=np.zeros((4, 6))), "leye_pose"),
    "json cut": (text("a.json", '{"frames": [{"expression": [0, 1'), "not whole JSON"),
    "json rows": (text("a.json", '{"frames": [{"expression": [0, 1]}, {"expression": [0]}]}'), "1 numbers"),
    "json nothing": (text("a.json", '{"frames": [], "expression": null, "fps": 25}'), "none of a clip"),
    "json deep": (text("a.json", '{"expression": ' + "[" * 99 + "]" * 99 + "}"), "nested"),
    "json huge number": (text("a.json", '{"frames": [{"expression": [1e999]}]}'), "not a finite number"),
    "csv rows": (text("a.csv", "expr/0,expr/1\n1,2\n1\n"), "Row 2"),
    "csv words": (text("a.csv", "expr/0,expr/1\n1,two\n"), "'two'"),
    "csv no rows": (text("a.csv", "expr/0,jaw_pose/x\n"), "no rows"),
    "csv twice": (text("a.csv", "expr/0,expr/0\n1,2\n"), "two columns"),
    "csv component": (text("a.csv", "jaw_pose/3,expr/0\n1,2\n"), "component 3"),
    "csv far component": (text("a.csv", "expr/99999\n1\n"), "component 99999"),
    "csv a million columns": (text("a.csv", ",".join(f"expr/{i}" for i in range(9000)) + "\n1\n"), "Row 1"),
    "csv many columns": (text("a.csv", "expr/0," + "x," * 70_000 + "\n"), "columns"),
    "csv long line": (text("a.csv", "expr/0\n" + "1" * 2_000_000), "characters"),
    "csv nul": (raw("a.csv", b"expr/0,expr/1\n1,\xff\xfe\n"), "UTF-8"),
    "csv empty cell": (text("a.csv", "expr/0,expr/1\n1,2\n,2\n"), "frame 1"),
    "csv time": (text("a.csv", "time,expr/0\n1,2\n1,2\n"), "back in time"),
    "face cut": (face(lambda lines: [*lines[:-1], lines[-1][:90]]), "cells"),
    "face nan": (first_row(",0.1,", ",nan,"), "JawOpen"),
    "face beyond": (first_row(",0.1,", ",99,"), "beyond ±10"),
    "face timecode": (first_row("14:05", "noon"), "Timecode in row 1"),
    "face no rows": (face(lambda lines: lines[:1]), "no rows"),
    "bvh cut": (cut(lambda folder: foreign.save_bvh(folder / "a.bvh", foreign.bvh_rows()), 0.7), "numbers"),
    "bvh no head": (renamed, "no joint whose name says head or neck"),
    "bvh channels": (bvh("CHANNELS 6", "CHANNELS 999"), "no whole BVH"),
    "bvh brace": (bvh("}\nMOTION", "MOTION"), "no whole BVH"),
    "bvh time": (bvh("Frame Time: 0.0333333", "Frame Time: 0"), "frame time"),
    "bvh frames": (bvh("Frames: 6", "Frames: 7"), "7 frames"),
    "bvh no motion": (text("a.bvh", "HIERARCHY\nROOT head\n{\nOFFSET 0 0 0\n}"), "no whole BVH"),
    "bvh words": (bvh("Frame Time: 0.0333333", "Frame Time: soon"), "no whole BVH"),
    "bvh deep": (text("a.bvh", "HIERARCHY\n" + "ROOT a\n{\n" * 500), "more joints"),
    "pickle with code": (pickled(lambda folder: {"exp": Evil(folder)}), "system"),
    "pickle cut": (cut(pickled(foreign.deca()), 0.8), "a.pkl"),
    "pickle of words": (pickled({"exp": "smile", "pose": "open"}), "numbers"),
    "pickle ragged": (pickled({"exp": [[1, 2], [3]], "pose": np.zeros(6)}), "different lengths"),
    "npy with code": (lambda folder: npy(np.array({"exp": Evil(folder)}, dtype=object))(folder), "a.npy"),
    "npy of objects": (npy(np.array([1, "a", None], dtype=object)), "a.npy"),
    "npy cut": (cut(npy(np.zeros((4, 5023, 3), np.float32)), 0.5), "bytes of data"),
    "npy huge": (raw("a.npy", huge_npy((10**9, 5023, 3))), "a.npy"),
    "npy absurd": (raw("a.npy", huge_npy((10**15, 5023, 3))), "makes no sense"),
    "npy vertices apart": (npy(np.full((3, 500, 3), 0.0) + 1e6 * np.eye(500, 3)), "span"),
    "npy vertices nan": (npy(np.full((3, 500, 3), np.nan)), "not finite in frame 0"),
    "npy vertices elsewhere": (npy(5.0 + np.random.default_rng(0).random((3, 62, 3))), "to the origin"),
    "npy of another mesh": (npy(np.random.default_rng(0).random((3, 6890, 3))), "6890 vertices"),
    "npy identity nan": (npy(np.full(300, np.nan)), "not a finite number"),
    "mat cut": (cut(mat(**foreign.deca()), 0.6), "a.mat"),
    "mat damaged": (raw("a.mat", b"MATLAB 5.0 MAT-file" + bytes(range(256)) * 9), "a.mat"),
    "mat of words": (mat(exp="smile", pose="open"), "a.mat"),
    "frame with code": (frame(lambda made: {**made, "x": Evil(Path("/nowhere"))}), "system"),
    "frame cut": (cut(frame(lambda made: None), 0.5), "00000.frame"),
    "frame without camera": (frame(lambda made: {"flame": made["flame"], "camera": 3}), "no camera"),
    "frame bad camera": (frame(lambda made: {**made, "opencv": BAD_CAMERA}), "no camera"),
    "frame without flame": (frame(lambda made: {**made, "flame": {}}), "flame"),
    "frame six numbers": (frame(lambda made: made["flame"].update(jaw=np.zeros((1, 6)))), "no rotation"),
    "frame without numbers": (torch_without_numbers, "b.frame"),
    "old torch": (old_torch, "before 1.6"),
    "folder of other meshes": (folder_of(a_dot_obj=OBJ, b_dot_obj=OBJ + b"v 1 1 1\n"), "vertices"),
    "folder of no meshes": (folder_of(a_dot_obj=b"v 0 0\n", b_dot_obj=b"v 0 0\n"), "no vertices"),
    "folder of damaged ply": (folder_of(a_dot_ply=b"ply\nformat", b_dot_ply=b"ply"), "mesh"),
    "folder of two clips": (folder_of(**TWO), "4 frames"),
    "folder of unlike frames": (
        folder_of(a_dot_npz=npz_bytes(expr=EXPR[:1]), b_dot_npz=npz_bytes(expr=np.zeros((1, 9)))), "differ",
    ),
    "folder of nothing": (folder_of(a_dot_txt=b"hello"), "frames"),
    "empty": (raw("a.csv", b""), "empty"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_one_sentence_says_what_is_wrong(tmp_path: Path, tiny_model: HeadModel, case: str) -> None:
    make, words = CASES[case]
    path = make(tmp_path)
    for use in (_opened, _streamed):
        with pytest.raises(StudioError) as raised:
            use(path, tiny_model)
        told = str(raised.value)
        assert words in told
        inside = [entry.name for entry in path.iterdir()] if path.is_dir() else []
        assert any(name in told for name in (path.stem, path.name, *inside))
        assert "\n" not in told
        assert told.endswith(".")
        assert 20 < len(told) < 420
    assert not (tmp_path / "run").exists()


def _opened(path: Path, model: HeadModel) -> None:
    """As the window and scripts do."""
    kind = kind_of(path)
    if kind == "model":
        from studio.flame import load_model

        load_model(path)
    read_clip(path, model)


def _streamed(path: Path, model: HeadModel) -> None:
    """As the command line does."""
    kind_of(path)
    with open_clip(path, model) as stream:
        for _ in stream.blocks(256):
            pass


def test_nothing_in_a_pickle_runs_while_it_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "codes.pkl"
    path.write_bytes(pickle.dumps({"exp": np.zeros(4), "more": Evil(tmp_path)}))
    with pytest.raises(StudioError, match="system"):
        _opened(path, None)  # type: ignore[arg-type]
    assert not (tmp_path / "run").exists()


def test_a_million_keys_are_bounded(tmp_path: Path, tiny_model: HeadModel) -> None:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"expression": [[0.0] * 4], **{f"k{i}": i for i in range(100_000)}}))
    clip, _ = read_clip(path, tiny_model)
    assert len(clip) == 1
