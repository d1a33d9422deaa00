"""Files of ours appear whole or not at all."""

from __future__ import annotations

import errno
import os
import sys

import pytest

from studio.storage import atomic
from studio.storage.atomic import atomic_folder, atomic_path, write_atomically
from studio.storage.errors import StudioError


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


def test_writes_and_replaces(tmp_path):
    path = tmp_path / "clip.npz"
    for content in (b"first", b"second"):
        write_atomically(path, lambda stream, content=content: stream.write(content))
        assert path.read_bytes() == content
    assert names(tmp_path) == ["clip.npz"]


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_permissions_are_those_of_any_new_file(tmp_path):
    write_atomically(tmp_path / "ours", lambda stream: stream.write(b""))
    (tmp_path / "theirs").write_bytes(b"")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "theirs").stat().st_mode
    (tmp_path / "ours").chmod(0o640)
    write_atomically(tmp_path / "ours", lambda stream: stream.write(b"new"))
    assert (tmp_path / "ours").stat().st_mode & 0o777 == 0o640


def test_the_temporary_name_keeps_the_suffix(tmp_path):
    with atomic_path(tmp_path / "film.mp4") as temporary:
        assert temporary.suffix == ".mp4"
        assert temporary.parent == tmp_path
        temporary.write_bytes(b"film")
    assert (tmp_path / "film.mp4").read_bytes() == b"film"


def test_a_writer_that_fails_leaves_the_old_file(tmp_path):
    path = tmp_path / "clip.npz"
    path.write_bytes(b"old")

    def writer(stream):
        stream.write(b"half")
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        write_atomically(path, writer)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["clip.npz"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EACCES, "not allowed"),
        (errno.EROFS, "read-only"),
        (errno.EIO, "choose another folder"),
    ],
)
def test_what_the_system_refuses_is_one_sentence(tmp_path, code, words):
    path = tmp_path / "clip.npz"
    path.write_bytes(b"old")

    def writer(stream):
        stream.write(b"half")
        raise OSError(code, os.strerror(code))

    with pytest.raises(StudioError, match=words) as caught:
        write_atomically(path, writer)
    assert str(caught.value).startswith("clip.npz was not written: ")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["clip.npz"]


def test_a_disk_that_fills_up_at_the_flush(tmp_path, monkeypatch):
    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(atomic.os, "fsync", full)
    with pytest.raises(StudioError, match="the disk is full"):
        write_atomically(tmp_path / "clip.npz", lambda stream: stream.write(b"x"))
    assert names(tmp_path) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_real_full_device():
    with open("/dev/full", "wb", buffering=0) as stream, pytest.raises(OSError, match="space") as caught:
        stream.write(b"x")
    assert "the disk is full" in str(atomic.cannot_write(atomic.Path("a.png"), caught.value))


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_links_are_followed_and_devices_left_alone(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link.npz").symlink_to(tmp_path / "real" / "clip.npz")
    write_atomically(tmp_path / "link.npz", lambda stream: stream.write(b"x"))
    assert (tmp_path / "link.npz").is_symlink()
    assert names(tmp_path / "real") == ["clip.npz"]
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StudioError, match="no ordinary file"):
        write_atomically(tmp_path / "pipe", lambda stream: stream.write(b"x"))


def test_missing_folder_and_folder_in_the_way(tmp_path):
    with pytest.raises(StudioError, match="its folder does not exist"):
        write_atomically(tmp_path / "none" / "a.npz", lambda stream: None)
    (tmp_path / "a.npz").mkdir()
    with pytest.raises(StudioError, match="there is a folder of that name"):
        write_atomically(tmp_path / "a.npz", lambda stream: None)
    assert names(tmp_path) == ["a.npz"]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StudioError, match="not allowed"):
        write_atomically(tmp_path / "a.npz", lambda stream: None)
    tmp_path.chmod(0o700)


def test_folders_appear_whole(tmp_path):
    target = tmp_path / "frames"
    with atomic_folder(target) as folder:
        (folder / "00001.png").write_bytes(b"1")
        assert not target.exists()
    assert names(target) == ["00001.png"]
    assert names(tmp_path) == ["frames"]


def test_a_folder_that_fails_leaves_nothing(tmp_path):
    def fill(folder):
        (folder / "00001.png").write_bytes(b"1")
        raise OSError(errno.ENOSPC, "No space left on device")

    full = pytest.raises(StudioError, match="frames was not written: the disk is full")
    with full, atomic_folder(tmp_path / "frames") as folder:
        fill(folder)
    assert names(tmp_path) == []


def test_a_folder_with_files_in_it_is_never_replaced(tmp_path):
    target = tmp_path / "frames"
    target.mkdir()
    with atomic_folder(target) as folder:
        (folder / "a").write_bytes(b"a")
    refused = pytest.raises(StudioError, match="there is a folder of that name already")
    with refused, atomic_folder(target):
        pass
    assert names(target) == ["a"]
