"""Pictures and sounds of a session: found again after a move, carried along, missing, and hostile."""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import dataclass, field, replace

import pytest

from studio.document.document import Document
from studio.document.media import LARGEST, Media, media_in, read_media, with_media
from studio.document.tools import Tools
from studio.session import state as session_state
from studio.session.on_model import open_session
from studio.session.state import State
from studio.session.writing import write_autosave, write_session
from studio.storage.errors import StudioError


@dataclass(frozen=True)
class Inner:
    photo: Media = field(default_factory=Media)


@dataclass(frozen=True)
class Desk(Tools):
    """Settings with pictures at two depths."""

    sound: Media = field(default_factory=Media)
    inner: Inner = field(default_factory=Inner)


@pytest.fixture(autouse=True)
def settings_with_media(monkeypatch):
    monkeypatch.setitem(session_state.USUAL, "tools", Desk())
    monkeypatch.setattr("studio.session.on_model.model_folders", lambda: [])


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "work"
    (folder / "pictures").mkdir(parents=True)
    (folder / "pictures" / "photo.jpg").write_bytes(b"a photo")
    (folder / "hello.wav").write_bytes(b"a sound")
    return folder


def desk(folder):
    return Desk(
        sound=Media(str(folder / "hello.wav")), inner=Inner(Media(str(folder / "pictures/photo.jpg")))
    )


def save(path, model, tools, kept=None):
    write_session(path, replace(State.of(Document(model)), tools=tools), kept)
    return path


def told(path):
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("session.json"))["tools"]


def test_references_come_back_where_they_are(folder, tiny_model):
    path = save(folder / "wink.flame", tiny_model, desk(folder))
    opened = open_session(path, [tiny_model], tiny_model)
    assert opened.state.tools == desk(folder)
    assert opened.notices == ()
    assert [read_media(media) for media in media_in(opened.state.tools)] == [b"a sound", b"a photo"]


def test_a_moved_folder_keeps_its_pictures(folder, tiny_model, tmp_path):
    save(folder / "wink.flame", tiny_model, desk(folder))
    moved = tmp_path / "another machine"
    folder.rename(moved)
    opened = open_session(moved / "wink.flame", [tiny_model], tiny_model)
    assert opened.state.tools == desk(moved)
    assert opened.notices == ()


def test_of_a_copied_folder_the_own_pictures_are_taken(folder, tiny_model, tmp_path):
    save(folder / "wink.flame", tiny_model, desk(folder))
    shutil.copytree(folder, tmp_path / "copy")
    assert open_session(tmp_path / "copy/wink.flame", [tiny_model], tiny_model).state.tools == desk(
        tmp_path / "copy"
    )


def test_a_stranger_of_the_same_name_beside_the_session_is_not_taken(folder, tiny_model, tmp_path):
    path = save(folder / "wink.flame", tiny_model, desk(folder))
    (tmp_path / "mail").mkdir()
    path = path.rename(tmp_path / "mail" / "wink.flame")
    (tmp_path / "mail" / "hello.wav").write_bytes(b"another")
    assert open_session(path, [tiny_model], tiny_model).state.tools.sound == desk(folder).sound


def test_a_missing_picture_is_told_once_and_written_back(folder, tiny_model, tmp_path):
    path = save(folder / "wink.flame", tiny_model, desk(folder))
    before = told(path)
    shutil.rmtree(folder / "pictures")
    (folder / "hello.wav").unlink()
    opened = open_session(path, [tiny_model], tiny_model)
    assert opened.state.tools == desk(folder)
    assert len(opened.notices) == 1
    assert "wink.flame refers to hello.wav and 1 more, which are not where they were" in opened.notices[0]
    assert "File ▸ Pictures and sounds ▸ Locate missing files…" in opened.notices[0]
    write_session(path, opened.state, opened.kept)
    assert told(path) == before
    (folder / "hello.wav").write_bytes(b"a sound")
    again = open_session(path, [tiny_model], tiny_model)
    assert "refers to photo.jpg, which is not where it was" in again.notices[0]


def test_embedded_content_comes_back_and_goes_with_its_owner(folder, tiny_model):
    carried = with_media(desk(folder), lambda media: Media(media.path, read_media(media)))
    path = save(folder / "wink.flame", tiny_model, carried)
    shutil.rmtree(folder / "pictures")
    opened = open_session(path, [tiny_model], tiny_model)
    assert opened.state.tools == carried
    assert opened.notices == ()
    with zipfile.ZipFile(path) as archive:
        assert sorted(name.rpartition(".")[2] for name in archive.namelist() if "media/" in name) == [
            "jpg",
            "wav",
        ]
    write_session(path, replace(opened.state, tools=Desk()), opened.kept)
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if "media/" in name]


def test_content_becomes_a_reference_again(folder, tiny_model):
    carried = with_media(desk(folder), lambda media: Media(media.path, read_media(media)))
    opened = open_session(save(folder / "wink.flame", tiny_model, carried), [tiny_model], tiny_model)
    write_session(folder / "wink.flame", replace(opened.state, tools=desk(folder)), opened.kept)
    assert open_session(folder / "wink.flame", [tiny_model], tiny_model).state.tools == desk(folder)


def test_an_autosave_elsewhere_finds_them_too(folder, tiny_model, tmp_path):
    state = replace(State.of(Document(tiny_model)), tools=desk(folder))
    opened = open_session(save(folder / "wink.flame", tiny_model, desk(folder)), [tiny_model], tiny_model)
    write_autosave(tmp_path / "kept.flame", state, opened.kept, folder / "wink.flame")
    assert open_session(tmp_path / "kept.flame", [tiny_model], tiny_model).state.tools == desk(folder)


WRONG = {
    "no object": 3,
    "a list": [],
    "path of numbers": {"path": 3},
    "endless path": {"path": "a" * 100_000},
    "no text": {"path": "a\0b"},
    "member of numbers": {"path": "a", "member": 3},
    "member that is not there": {"path": "a", "member": "media/none.jpg"},
    "member of another kind": {"path": "a", "member": "takes/0.npz"},
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_cannot_be_a_picture_is_told_and_left_out(folder, tiny_model, kind):
    path = save(folder / "wink.flame", tiny_model, desk(folder))
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    whole = json.loads(members["session.json"])
    whole["tools"]["sound"] = WRONG[kind]
    members["session.json"] = json.dumps(whole).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    opened = open_session(path, [tiny_model], tiny_model)
    assert opened.state.tools == replace(desk(folder), sound=Media())
    assert "tools.sound" in opened.notices[0]
    assert len(opened.notices) == 1


@pytest.mark.parametrize("path", ["\\\\stranger\\share\\photo.jpg", "//stranger/share/photo.jpg"])
def test_another_computer_is_not_asked(folder, tiny_model, path):
    session = save(folder / "wink.flame", tiny_model, Desk(sound=Media(path)))
    opened = open_session(session, [tiny_model], tiny_model)
    assert opened.state.tools.sound == Media(path)
    assert "photo.jpg, which is not where it was" in opened.notices[0]
    with pytest.raises(StudioError, match=r"photo\.jpg is on another computer"):
        read_media(Media(path))


def test_reading_says_what_is_wrong(folder, tmp_path):
    with pytest.raises(StudioError, match=r"none\.jpg does not exist"):
        read_media(Media(str(tmp_path / "none.jpg")))
    with pytest.raises(StudioError, match="is a folder"):
        read_media(Media(str(tmp_path)))
    with pytest.raises(StudioError, match="No picture or sound was chosen"):
        read_media(Media())
    large = tmp_path / "large.wav"
    with large.open("wb") as stream:
        stream.truncate(LARGEST + 1)
    with pytest.raises(StudioError, match=r"large\.wav is larger than 256 MiB"):
        read_media(Media(str(large)))
