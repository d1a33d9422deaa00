"""Pictures of a session in the real window: embedded, left in files, lost and found, all undoable."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog

from studio.document.look import Backdrop
from studio.document.media import Media
from tests.windows import shown_window

WAIT = 60_000


@pytest.fixture
def window(qapp, qtbot, head_model):
    with shown_window(qapp, qtbot, head_model, low=True) as window:
        yield window


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "pictures" / "photo.png"
    path.parent.mkdir()
    Image.fromarray(np.full((8, 8, 3), 90, np.uint8)).save(path)
    return path


def show(window, path):
    look = window.document.look
    window.document.set(look=look.replace(backdrop=Backdrop("picture", picture=Media(str(path)))))


def picture(window):
    return window.document.look.backdrop.picture


def test_embedding_and_referring_undo(window, photo):
    show(window, photo)
    window.actions_by_id["media.embed"].trigger()
    assert picture(window) == Media(str(photo), photo.read_bytes())
    assert window.actions_by_id["undo"].text() == "Undo Embed pictures and sounds"
    window.history.stack.undo()
    assert picture(window) == Media(str(photo))
    window.history.stack.redo()
    window.actions_by_id["media.refer"].trigger()
    assert picture(window) == Media(str(photo))


def test_a_session_carries_a_picture_and_gives_it_back(window, photo, tmp_path, monkeypatch):
    show(window, photo)
    window.actions_by_id["media.embed"].trigger()
    window.sessions.save_to(tmp_path / "a.flame")
    content = photo.read_bytes()
    photo.unlink()
    from studio.session.on_model import open_session

    opened = open_session(tmp_path / "a.flame", [window.document.model], window.document.model)
    assert opened.notices == ()
    window.sessions.use(tmp_path / "a.flame", opened)
    assert picture(window).content == content
    folder = tmp_path / "given back"
    folder.mkdir()
    (folder / "photo.png").write_bytes(b"of somebody else")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    window.actions_by_id["media.refer"].trigger()
    assert picture(window) == Media(str(folder / "photo 2.png"))
    assert (folder / "photo 2.png").read_bytes() == content
    assert (folder / "photo.png").read_bytes() == b"of somebody else"


def test_a_missing_picture_is_told_kept_and_found(qtbot, window, photo, tmp_path, monkeypatch):
    show(window, photo)
    window.sessions.save_to(tmp_path / "sessions.flame")
    moved = tmp_path / "elsewhere.png"
    photo.rename(moved)
    window.files.open([tmp_path / "sessions.flame"])
    qtbot.waitUntil(
        lambda: "refers to photo.png, which is not where it was" in window.notices.text, timeout=WAIT
    )
    assert picture(window) == Media(str(photo))
    window.actions_by_id["media.embed"].trigger()
    assert "Nothing was embedded: photo.png does not exist" in window.notices.text
    assert picture(window) == Media(str(photo))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(moved), ""))
    window.actions_by_id["media.locate"].trigger()
    assert picture(window) == Media(str(moved))
    assert window.actions_by_id["undo"].text() == "Undo Locate photo.png"
    window.history.stack.undo()
    assert picture(window) == Media(str(photo))


def test_without_any_nothing_happens(window):
    for name in ("embed", "refer", "locate"):
        window.actions_by_id[f"media.{name}"].trigger()
    assert window.history.stack.count() == 0
