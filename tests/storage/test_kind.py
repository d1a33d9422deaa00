"""Files are told by what is in them, whatever they are called."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from safetensors.numpy import save_file

from studio.storage.errors import StudioError
from studio.storage.kind import sniff

CONTENTS = {
    "empty": b"",
    "png": b"\x89PNG\r\n\x1a\n" + b"\0" * 20,
    "jpeg": b"\xff\xd8\xff\xe0" + b"\0" * 20,
    "webp": b"RIFF\x10\0\0\0WEBPVP8 ",
    "wav": b"RIFF\x10\0\0\0WAVEfmt ",
    "avi": b"RIFF\x10\0\0\0AVI LIST",
    "gif": b"GIF89a",
    "flac": b"fLaC\0",
    "ogg": b"OggS\0",
    "mp3": b"ID3\x04",
    "mp4": b"\0\0\0\x20ftypisom",
    "glb": b"glTF\x02\0\0\0",
    "ply": b"ply\nformat ascii 1.0\n",
    "obj": b"# made by hand\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n",
    "json": b' {"fps": 25, "frames": []}',
    "text": b"hello there\n",
    "unknown": bytes(range(1, 256)) * 3,
}


@pytest.mark.parametrize("container", CONTENTS)
def test_by_content(tmp_path, container):
    path = tmp_path / "renamed.pkl"
    path.write_bytes(CONTENTS[container])
    kind = sniff(path)
    assert kind.container == container
    assert kind.title.startswith(("a ", "an "))
    assert not kind.is_model
    assert not kind.is_clip


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("value", [{}, {"v_template": np.eye(3)}, [1, 2], {"a": 1}])
def test_pickles_of_every_protocol(tmp_path, value, protocol):
    path = tmp_path / "picture.png"
    path.write_bytes(pickle.dumps(value, protocol))
    assert sniff(path).container == "pickle"
    assert sniff(path).is_model


def test_long_json_and_text(tmp_path):
    (tmp_path / "a").write_bytes(b'{"frames": [' + b"0.125, " * 5000 + b"0]}")
    assert sniff(tmp_path / "a").container == "json"
    (tmp_path / "a").write_bytes(b"{ this is no JSON }")
    assert sniff(tmp_path / "a").container == "text"


def test_containers_of_arrays(tmp_path):
    model = {name: np.zeros(1, np.float32) for name in ("v_template", "shapedirs", "posedirs")}
    np.savez(tmp_path / "model.npz", **model)
    np.savez(tmp_path / "clip.npz", expr=np.zeros(3), shape=np.zeros(3))
    np.save(tmp_path / "a.npy", np.zeros(3))
    save_file(model, tmp_path / "model.bin")
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, values in model.items():
        np.save(folder / name, values)
    assert sniff(tmp_path / "model.npz").is_model
    assert sniff(tmp_path / "model.bin").is_model
    assert sniff(folder).is_model
    assert sniff(tmp_path / "clip.npz").is_clip
    assert not sniff(tmp_path / "model.npz").is_clip
    assert sniff(tmp_path / "a.npy").container == "npy"
    assert not sniff(tmp_path).is_model


def test_missing(tmp_path):
    with pytest.raises(StudioError, match="does not exist"):
        sniff(tmp_path / "none")
