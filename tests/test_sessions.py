"""Sessions in the real window: saved, opened, asked about, kept by itself and got back after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QPushButton

from studio import sessions
from studio.autosaves import left_over
from studio.document.document import Document
from studio.engine import BackendChoice
from studio.session.on_model import open_session
from studio.session.state import Kept, State
from studio.session.writing import write_autosave, write_session
from studio.session_locks import SessionLock
from studio.settings import Settings
from studio.storage.errors import StudioError
from studio.theme import apply_theme
from studio.widgets.slider_row import SliderRow
from studio.window import StudioWindow

PROJECT = Path(__file__).parents[1]
WAIT = 10_000
LEFT = Qt.MouseButton.LeftButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def nobody_is_asked():
    """These tests answer themselves."""


@pytest.fixture(autouse=True)
def autosaves(tmp_path, monkeypatch):
    folder = tmp_path / "data" / "autosave"
    monkeypatch.setattr(sessions, "autosave_folder", lambda: folder)
    return folder


@pytest.fixture
def opened(qapp, qtbot, head_model):
    """Opens windows, and closes them without saving."""
    qapp.setOrganizationName("FLAME Studio tests")
    qapp.setApplicationName("FLAME Studio tests")
    apply_theme(qapp, "dark")
    QSettings().clear()
    made = []

    def open_window():
        window = StudioWindow(Document(head_model), BackendChoice("torch", "cpu"), Settings())
        made.append(window)
        window.resize(1280, 800)
        window.show()
        qtbot.waitExposed(window)
        qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
        return window

    yield open_window
    for window in made:
        window.history.stack.setClean()
        window.close()
        window.deleteLater()


@pytest.fixture
def window(opened):
    return opened()


def open_jaw(window, by=50):
    """Drag the jaw's slider."""
    dock = window.workspace.docks["Pose"]
    dock.show()
    dock.raise_()
    QTest.qWait(50)
    row = next(r for r in dock.findChildren(SliderRow) if r.scale.label == "Open" and r.isVisible())
    start = QPointF(row.geometry_of_parts.handle_x(row.scale.fraction(row.value)), row.height() / 2).toPoint()
    QTest.mousePress(row, LEFT, pos=start)
    for step in range(1, 11):
        QTest.mouseMove(row, start + QPoint(by * step // 10, 0))
    QTest.mouseRelease(row, LEFT, pos=start + QPoint(by, 0))
    return float(window.document.params.jaw_pose[0])


def choose(monkeypatch, path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *args: ([str(path)], ""))


def save(qtbot, window):
    window.statusBar().clearMessage()
    QTest.keyClick(window, Qt.Key.Key_S, CONTROL)
    qtbot.waitUntil(lambda: "Saved" in window.statusBar().currentMessage(), timeout=WAIT)
    qtbot.waitUntil(lambda: not window.isWindowModified(), timeout=WAIT)


def answer(button, told=None):
    """Press ``button`` of the question that comes next."""

    def press():
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(20, press)
            return
        if told is not None:
            told.append(box.text())
        found = next(b for b in box.buttons() if b.text().replace("&", "") == button)
        QTest.mouseClick(found, LEFT)

    QTimer.singleShot(20, press)


def drop(window, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
    window.dropEvent(event)


def offer_button(window, text):
    return next(button for button in window.offers.findChildren(QPushButton) if button.text() == text)


def test_save_and_reopen_by_keys(qtbot, window, monkeypatch, tmp_path):
    assert window.windowTitle() == "Untitled[*] — FLAME Studio"
    angle = open_jaw(window)
    window.set_mode("regions")
    window.show_view("profile")
    assert window.isWindowModified()
    choose(monkeypatch, tmp_path / "v1.2 wink")
    save(qtbot, window)
    path = tmp_path / "v1.2 wink.flame"
    assert window.windowTitle() == "v1.2 wink[*] — FLAME Studio"
    camera, takes = window.document.camera, window.document.takes

    QTest.keyClick(window, Qt.Key.Key_N, CONTROL)
    assert window.windowTitle() == "Untitled[*] — FLAME Studio"
    assert window.document.params.jaw_pose[0] == 0.0
    assert window.document.look.mode == "textured"
    assert not window.actions_by_id["undo"].isEnabled()

    choose(monkeypatch, path)
    QTest.keyClick(window, Qt.Key.Key_O, CONTROL)
    qtbot.waitUntil(lambda: window.sessions.path == path, timeout=WAIT)
    assert window.document.takes == takes
    assert window.document.params.jaw_pose[0] == pytest.approx(angle)
    assert window.document.look.mode == "regions"
    assert window.document.camera == camera
    assert window.canvas.model is window.document.model
    assert not window.isWindowModified()


def test_changed_follows_undo_back_to_what_was_saved(qtbot, window, monkeypatch, tmp_path):
    choose(monkeypatch, tmp_path / "a.flame")
    open_jaw(window)
    save(qtbot, window)
    open_jaw(window, -20)
    assert window.isWindowModified()
    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert not window.isWindowModified()
    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert window.isWindowModified()
    QTest.keyClick(window, Qt.Key.Key_2)
    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert not window.isWindowModified()


def test_save_as_leaves_the_first_file(qtbot, window, monkeypatch, tmp_path):
    choose(monkeypatch, tmp_path / "a.flame")
    save(qtbot, window)
    before = (tmp_path / "a.flame").read_bytes()
    open_jaw(window)
    choose(monkeypatch, tmp_path / "b.flame")
    QTest.keyClick(window, Qt.Key.Key_S, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: window.sessions.path == tmp_path / "b.flame", timeout=WAIT)
    assert (tmp_path / "a.flame").read_bytes() == before
    assert Settings().recent == [tmp_path / "b.flame", tmp_path / "a.flame"]


def test_closing_asks_and_each_answer_does_what_it_says(qtbot, window, monkeypatch, tmp_path):
    angle = open_jaw(window)
    told = []
    answer("Cancel", told)
    QTest.keyClick(window, Qt.Key.Key_Q, CONTROL)
    assert told == ["Save the changes to “Untitled”?"]
    assert window.isVisible()

    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: ("", ""))
    answer("Save")
    window.close()
    assert window.isVisible()

    choose(monkeypatch, tmp_path / "kept.flame")
    answer("Save")
    window.close()
    assert not window.isVisible()
    opened = open_session(tmp_path / "kept.flame", [window.document.model], window.document.model)
    assert opened.state.takes[0].params(0.0).jaw_pose[0] == pytest.approx(angle)


def test_a_save_that_fails_keeps_the_window_and_the_change(qtbot, window, monkeypatch, tmp_path):
    open_jaw(window)
    choose(monkeypatch, tmp_path / "missing" / "a.flame")
    answer("Save")
    window.close()
    assert window.isVisible()
    assert "a.flame was not written: its folder does not exist" in window.notices.text
    assert window.isWindowModified()
    assert window.sessions.path is None


def test_not_saving_closes_and_leaves_no_autosave(qtbot, window, autosaves):
    open_jaw(window)
    window.sessions.keep_now()
    assert list(autosaves.glob("*.flame"))
    answer("Don't save")
    window.close()
    assert not window.isVisible()
    assert list(autosaves.iterdir()) == []


def test_a_dropped_session_asks_before_it_takes_the_place(qtbot, window, monkeypatch, tmp_path):
    path = tmp_path / "a.flame"
    choose(monkeypatch, path)
    save(qtbot, window)
    angle = open_jaw(window)
    answered = []
    answer("Cancel", answered)
    drop(window, path)
    qtbot.waitUntil(lambda: bool(answered), timeout=WAIT)
    QTest.qWait(100)
    assert window.document.params.jaw_pose[0] == pytest.approx(angle)
    answer("Don't save")
    drop(window, path)
    qtbot.waitUntil(lambda: not window.isWindowModified(), timeout=WAIT)
    assert window.document.params.jaw_pose[0] == 0.0


@pytest.mark.parametrize("content", [b"", b"no session", b"PK\x03\x04 cut", None])
def test_a_damaged_file_is_told_and_the_document_stays(qtbot, window, tmp_path, content):
    angle = open_jaw(window)
    if content is None:
        write_session(tmp_path / "bad.flame", State.of(window.document))
        content = (tmp_path / "bad.flame").read_bytes()[:-40]
    (tmp_path / "bad.flame").write_bytes(content)
    drop(window, tmp_path / "bad.flame")
    qtbot.waitUntil(lambda: "bad.flame" in window.notices.text, timeout=WAIT)
    assert len(window.document.takes) == 1
    assert window.document.params.jaw_pose[0] == pytest.approx(angle)
    assert window.sessions.path is None


def test_another_program_is_not_written_over_unasked(qtbot, window, monkeypatch, tmp_path):
    path = tmp_path / "a.flame"
    choose(monkeypatch, path)
    save(qtbot, window)
    path.write_bytes(b"of another studio")
    open_jaw(window)
    answer("No")
    QTest.keyClick(window, Qt.Key.Key_S, CONTROL)
    assert path.read_bytes() == b"of another studio"
    answer("Yes")
    save(qtbot, window)
    assert path.read_bytes() != b"of another studio"


def test_recent_files_open_are_told_missing_and_cleared(qtbot, window, monkeypatch, tmp_path):
    for name in ("a", "b"):
        choose(monkeypatch, tmp_path / f"{name}.flame")
        QTest.keyClick(window, Qt.Key.Key_S, CONTROL | SHIFT)
        qtbot.waitUntil(lambda name=name: window.sessions.name == name, timeout=WAIT)
    (tmp_path / "b.flame").unlink()

    def entries():
        titles = {str(action.data()): action for action in window.workspace.commands()}
        return {title: action for title, action in titles.items() if title.startswith("Open recent: ")}

    assert list(entries()) == [
        "Open recent: b.flame",
        "Open recent: a.flame",
        "Open recent: Clear the list",
    ]
    entries()["Open recent: b.flame"].trigger()
    assert "b.flame is no longer in" in window.notices.text
    entries()["Open recent: a.flame"].trigger()
    qtbot.waitUntil(lambda: window.sessions.name == "a", timeout=WAIT)
    entries()["Open recent: Clear the list"].trigger()
    assert Settings().recent == []
    assert not entries()["Open recent: Nothing opened yet"].isEnabled()


def test_a_second_studio_on_a_session_gets_a_copy(qtbot, opened, monkeypatch, tmp_path):
    first, path = opened(), tmp_path / "wink.flame"
    angle = open_jaw(first)
    choose(monkeypatch, path)
    save(qtbot, first)
    second = opened()
    drop(second, path)
    qtbot.waitUntil(lambda: "wink.flame is open in another studio" in second.notices.text, timeout=WAIT)
    assert second.document.params.jaw_pose[0] == pytest.approx(angle)
    assert second.windowTitle() == "wink copy[*] — FLAME Studio"
    before = path.read_bytes()
    open_jaw(second, 20)
    choose(monkeypatch, tmp_path / "mine.flame")
    save(qtbot, second)
    assert path.read_bytes() == before
    assert second.sessions.path == tmp_path / "mine.flame"

    first.close()
    drop(second, path)
    qtbot.waitUntil(lambda: second.sessions.path == path, timeout=WAIT)


def test_what_another_studio_has_open_is_not_saved_over(qtbot, opened, monkeypatch, tmp_path):
    first, path = opened(), tmp_path / "wink.flame"
    open_jaw(first)
    choose(monkeypatch, path)
    save(qtbot, first)
    before = path.read_bytes()
    second = opened()
    open_jaw(second, 20)
    second.sessions.save_as()
    assert "wink.flame is open in another studio" in second.notices.text
    with pytest.raises(StudioError, match="open in another studio"):
        second.sessions.save_to(path)
    assert second.sessions.is_changed
    assert path.read_bytes() == before
    first.sessions.save_to(path)
    assert first.sessions.path == path


@pytest.mark.skipif(os.name != "posix", reason="sends POSIX signals")
def test_what_a_killed_studio_had_open_is_free(qtbot, window, autosaves, tmp_path):
    saved = tmp_path / "mine.flame"
    left_by(autosaves, tmp_path, signal.SIGKILL, saved)
    assert list((autosaves.parent / "open").iterdir())
    drop(window, saved)
    qtbot.waitUntil(lambda: window.sessions.path == saved, timeout=WAIT)


def test_where_no_lock_can_be_made_sessions_open_and_save(qtbot, window, autosaves, monkeypatch, tmp_path):
    autosaves.parent.mkdir(exist_ok=True)
    (autosaves.parent / "open").write_text("a file where the folder should be")
    choose(monkeypatch, tmp_path / "a.flame")
    save(qtbot, window)
    drop(window, tmp_path / "a.flame")
    open_jaw(window)
    save(qtbot, window)
    assert window.sessions.path == tmp_path / "a.flame"


def test_a_save_holds_up_the_window_for_less_than_a_frame(qtbot, window, tmp_path):
    from studio.document.commands import open_clip
    from studio.sequence.clip import Clip

    model, frames = window.document.model, 1500
    widths = {"rotation": 3, "neck_pose": 3, "jaw_pose": 3, "eyes_pose": 6, "translation": 3}
    channels = {name: np.full((frames, width), 0.01) for name, width in widths.items()}
    clip = Clip(
        shape=np.zeros(model.shape_count), expr=np.full((frames, model.expression_count), 0.1), **channels
    )
    window.push(open_clip(window.document, "Minute", clip))
    started = time.perf_counter()
    window.sessions.start_saving(tmp_path / "minute.flame")
    assert time.perf_counter() - started < 0.02
    qtbot.waitUntil(lambda: window.sessions.name == "minute", timeout=WAIT)


def test_a_folder_that_cannot_be_written_is_told_once(qtbot, window, autosaves):
    autosaves.parent.parent.mkdir(exist_ok=True)
    autosaves.parent.write_text("a file where the folder should be")
    open_jaw(window)
    window.sessions.autosave()
    qtbot.waitUntil(lambda: window.notices.text.count("cannot be kept by itself") == 1, timeout=WAIT)
    window.notices._forget_all()
    open_jaw(window, -20)
    window.sessions.autosave()
    QTest.qWait(300)
    assert "cannot be kept by itself" not in window.notices.text
    assert window.isWindowModified()


def test_what_a_living_studio_keeps_is_not_offered(qtbot, opened, autosaves):
    first = opened()
    open_jaw(first)
    first.sessions.keep_now()
    second = opened()
    second.sessions.offer_left_over()
    assert not second.offers.isVisible()


KILLED = """
import sys
from pathlib import Path
from studio.__main__ import choose_qt
choose_qt()
from PySide6.QtCore import QTimer
from studio import app, sessions
from studio.document.commands import set_component

folder, saved = Path(sys.argv[1]), sys.argv[2]
sessions.autosave_folder = lambda: folder
sessions._AUTOSAVE_INTERVAL = 100
begin = app._begin

def pose(window, *args):
    begin(window, *args)
    if saved:
        window.sessions.start_saving(Path(saved))
        window.sessions._wait()
    window.push(set_component(window.document, "Jaw open", "jaw_pose", 0, 0.25))
    QTimer.singleShot(1500, lambda: print("posed", flush=True))
    if "fail" in sys.argv:
        QTimer.singleShot(0, lambda: 1 / 0)

app._begin = pose
sys.exit(app.run([], app.WindowOptions(backend="torch", device="cpu")))
"""


def left_by(autosaves, tmp_path, end, saved="", *words):
    """Start a studio that opens the jaw, and ``end`` it by a signal."""
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "config")}
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(autosaves), str(saved), *words],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "posed\n"
    process.send_signal(end)
    _, told = process.communicate(timeout=60)
    return process.returncode, told


@pytest.mark.skipif(os.name != "posix", reason="sends POSIX signals")
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_work_comes_back_after_a_kill(qtbot, opened, autosaves, tmp_path, end):
    saved = tmp_path / "mine.flame"
    left_by(autosaves, tmp_path, end, saved)
    window = opened()
    window.sessions.offer_left_over()
    assert window.offers.isVisible()
    assert window.offers.text.startswith("The studio ended before “mine” was saved. Its state of ")
    QTest.mouseClick(offer_button(window, "Restore"), LEFT)
    qtbot.waitUntil(lambda: window.document.params.jaw_pose[0] == pytest.approx(0.25), timeout=WAIT)
    assert not window.offers.isVisible()
    assert window.sessions.path == saved
    assert window.isWindowModified()
    qtbot.waitUntil(lambda: len(list(autosaves.glob("*.flame"))) == 1, timeout=WAIT)
    assert left_over(autosaves) == []
    save(qtbot, window)
    opened_again = open_session(saved, [window.document.model], window.document.model)
    assert opened_again.state.takes[0].params(0.0).jaw_pose[0] == pytest.approx(0.25)
    qtbot.waitUntil(lambda: list(autosaves.iterdir()) == [], timeout=WAIT)


@pytest.mark.skipif(os.name != "posix", reason="sends POSIX signals")
def test_what_is_discarded_is_gone_and_what_is_not_answered_stays(qtbot, opened, autosaves, tmp_path):
    status, told = left_by(autosaves, tmp_path, signal.SIGKILL, "", "fail")
    assert status == -signal.SIGKILL
    assert "ZeroDivisionError" in told
    first = opened()
    first.sessions.offer_left_over()
    assert "a session without a name" in first.offers.text
    first.close()
    second = opened()
    second.sessions.offer_left_over()
    assert second.offers.isVisible()
    QTest.mouseClick(offer_button(second, "Discard"), LEFT)
    assert not second.offers.isVisible()
    assert list(autosaves.iterdir()) == []


def test_on_another_model_the_original_is_neither_saved_over_nor_discarded(
    qtbot, opened, autosaves, monkeypatch, tmp_path, tiny_model
):
    left = autosaves / "studio-1-left.flame"
    autosaves.mkdir(parents=True)
    write_autosave(left, State.of(Document(tiny_model)), Kept(), tmp_path / "mine.flame")
    before = left.read_bytes()
    window = opened()
    window.sessions.offer_left_over()
    QTest.mouseClick(offer_button(window, "Restore"), LEFT)
    qtbot.waitUntil(lambda: "tiny, which this was made on" in window.notices.text, timeout=WAIT)
    assert window.sessions.path is None
    assert window.isWindowModified()
    qtbot.waitUntil(lambda: len(left_over(autosaves)) == 1, timeout=WAIT)
    assert left.read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="sends POSIX signals")
def test_the_system_may_end_the_studio_while_it_asks(qtbot, window, autosaves):
    open_jaw(window)
    QTimer.singleShot(200, window.end)
    window.close()
    assert not window.isVisible()
    assert len(left_over(autosaves)) == 1


def test_a_session_that_is_open_for_long_stays_taken(tmp_path):
    first, second, session = (
        SessionLock(tmp_path / "open"),
        SessionLock(tmp_path / "open"),
        tmp_path / "a.flame",
    )
    assert first.take(session)
    (lock,) = (tmp_path / "open").iterdir()
    os.utime(lock, (0.0, 0.0))
    assert not second.take(session)
    first.release()
    assert second.take(session)
    second.release()
