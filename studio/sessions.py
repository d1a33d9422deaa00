"""The session of a window: new, opened, saved and changed since, kept by itself, and got back."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QMessageBox

from studio.autosaves import Autosave, LeftOver, autosave_folder, left_over
from studio.document.camera import Camera
from studio.document.document import UNASKED, new_take
from studio.save_question import ask_to_save, question_box
from studio.session.state import SESSION_ENDING, Kept, State
from studio.session_locks import SessionLock
from studio.storage.errors import StudioError
from studio.widgets.plain_tip import plain_tip

if TYPE_CHECKING:
    from studio.session.on_model import Opened
    from studio.window import StudioWindow

_KIND = f"FLAME Studio session (*{SESSION_ENDING})"
_AUTOSAVE_INTERVAL = 60_000  # milliseconds
_TOLD = 4000  # milliseconds
_PATIENCE = 20.0  # seconds given to a last autosave
_TAKEN = "{} is open in another studio, which would lose its work; save under another name."
_log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Writing:
    """A session on its way to its file."""

    path: Path
    future: Future[str]  # what went wrong, one sentence; empty where nothing did
    is_told: bool = field(default=False)


def _stamp(path: Path) -> tuple[int, int] | None:
    """What changes when anybody writes the file at ``path``; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _tried(work: Callable[[], object], what: str) -> str:
    """Do ``work``; one sentence where it fails."""
    try:
        work()
    except StudioError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - the thread must outlive any one file
        _log.debug("writing %s failed", what, exc_info=True)
        return f"{what} was not written ({str(error) or type(error).__name__}); choose another place."
    return ""


class Sessions(QObject):
    """What New, Open, Save and the autosave do to the document of a window.

    Files are written one after another on a thread of their own, so that a long export holds up no
    save, from the immutable values that the document has when it is asked. The undo stack knows
    whether the document is what was saved; the time cursor and the camera are saved with it, but moving
    them is no change that anybody would be asked about.
    """

    _written = Signal(object)  # _Writing
    _autosaved = Signal(str)  # what went wrong

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window
        self._path: Path | None = None
        self._stamp: tuple[int, int] | None = None
        self._kept = Kept()
        self._stack = window.history.stack
        self._seen = self._view  # what is in the file, though it is no change to be asked about
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="session")
        self._pending: deque[_Writing] = deque()
        self._autosave = Autosave(autosave_folder())
        self._lock = SessionLock(autosave_folder().parent / "open")
        self._suggested = ""  # what a session without a file is called
        self._is_stale = False  # whether the autosave, if any, is older than the document
        self._is_refused = False  # whether the user knows that there is no autosave
        self._left_over: list[LeftOver] = []
        self._offered: LeftOver | None = None
        self._written.connect(self._finish)
        self._autosaved.connect(self._on_autosaved)
        self._stack.cleanChanged.connect(self._show)
        window.document.changed.connect(self._on_document)
        window.offers.accepted.connect(self._restore)
        window.offers.refused.connect(self._refuse)
        self._timer = QTimer(self, interval=_AUTOSAVE_INTERVAL)
        self._timer.timeout.connect(self.autosave)
        self._timer.start()
        self._show()

    @property
    def path(self) -> Path | None:
        """Where the session was opened from or saved to last."""
        return self._path

    @property
    def is_changed(self) -> bool:
        """Whether there is something to save."""
        return not self._stack.isClean()

    @property
    def name(self) -> str:
        """What the session is called."""
        return self._path.stem if self._path else self._suggested or "Untitled"

    def new(self) -> None:
        """Begin anew on the same head model."""
        if self._may_leave("New session"):
            model = self._window.document.model
            self._show_state(State(model.original, (new_take(model.original),)), Kept(), None)
            self._window.frame_head()

    def use(self, path: Path, opened: Opened) -> None:
        """Show the session that was read from ``path`` instead of the document."""
        if not self._may_leave("Open session"):
            return
        self._show_opened(opened)
        self._window.settings.remember_recent(path)

    def save(self) -> None:
        """Save to the session's file; ask for one where it has none."""
        if self._path is None:
            self.save_as()
        elif self._may_replace(self._path):
            self.start_saving(self._path)

    def save_as(self) -> None:
        """Ask for a file and save to it."""
        path = self._ask()
        if path and self._lock.is_taken(path):
            self._window.warn(_TAKEN.format(path.name))
        elif path:
            self.start_saving(path)

    def save_to(self, path: Path) -> None:
        """Save to ``path`` and wait for it.

        Raises:
            StudioError: another studio has it open, or it could not be written, and the document counts
                as changed.

        """
        if self._lock.is_taken(path):
            raise StudioError(_TAKEN.format(path.name))
        self._wait()
        self.start_saving(path)
        written = self._pending[-1].future
        self._wait()
        if written.result():
            raise StudioError(written.result())

    def file_of_now(self, why: str) -> Path | None:
        """The session's file with everything in it, camera and time cursor too.

        Asks, and tells ``why``, where it has to be saved for that; None where the user does not want it.
        """
        self._wait()
        if self._path is not None and not self.is_changed and self._seen == self._view:
            return self._path
        box = question_box(self._window, "Save session", f"Save “{self.name}” first?", why)
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Cancel)
        if box.exec() != buttons.Save:
            return None
        self.save()
        self._wait()
        return None if self.is_changed else self._path

    @property
    def _view(self) -> tuple[Camera, float]:
        document = self._window.document
        return document.camera, document.position

    def may_close(self) -> bool:
        """Save what is not saved, if the user wants to; False where the window is to stay."""
        return self._may_leave("Quit")

    def autosave(self) -> None:
        """Keep what is not saved, if it changed since it was kept last."""
        if self._is_stale and self.is_changed:
            self._is_stale = False
            self._writer.submit(self._keep, *self._to_keep())

    def keep_now(self) -> None:
        """Keep what is not saved before anything else happens: this may be the end."""
        if self.is_changed:
            self._is_stale = False
            wait([self._writer.submit(self._keep, *self._to_keep())], timeout=_PATIENCE)

    def offer_left_over(self) -> None:
        """Offer what a studio that did not end well has left, the newest first."""
        self._left_over = left_over(self._autosave.path.parent)
        self._offer_next()

    def close(self, keep: bool) -> None:
        """Join the thread; the autosave stays for the next start only where ``keep``."""
        self._timer.stop()
        self._wait()
        self._writer.submit(self._autosave.release if keep else self._autosave.remove)
        self._writer.shutdown(wait=True)
        for entry in (*self._left_over, *([self._offered] if self._offered else [])):
            entry.release()
        self._lock.release()
        self._stack.cleanChanged.disconnect(self._show)

    def _show(self) -> None:
        window = self._window
        window.setWindowTitle(f"{self.name.replace('[*]', '[*][*]')}[*] — FLAME Studio")
        window.setWindowModified(self.is_changed)

    def _on_document(self, names: frozenset[str]) -> None:
        if names - UNASKED:
            self._is_stale = True

    def _show_opened(self, opened: Opened) -> None:
        self._window.files.know(opened.state.model.original)
        self._show_state(opened.state, opened.kept, opened.path)
        if not opened.is_whole:
            self._stack.resetClean()
        for notice in opened.notices:
            self._window.warn(notice)
        self._show()

    def _show_state(self, state: State, kept: Kept, path: Path | None) -> None:
        """Make ``state`` the document, in one change that cannot be undone, from the file at ``path``."""
        self._suggested = ""
        if not self._lock.take(path) and path is not None:
            self._suggested = f"{path.stem} copy"
            self._window.warn(
                f"{path.name} is open in another studio, so this is a copy: saving it asks for a name."
            )
            path = None
        self._window.player.pause()
        state.put_into(self._window.document)
        self._stack.clear()
        self._stack.setClean()
        self._seen = self._view
        self._kept, self._path = kept, path
        self._stamp = _stamp(path) if path else None
        self._writer.submit(self._autosave.remove)
        self._show()

    def _ask(self) -> Path | None:
        exports = self._window.exports
        path = exports.ask("Save session", self.name, SESSION_ENDING, _KIND)
        if path is None or path.suffix.lower() == SESSION_ENDING:
            return path
        path = path.with_name(path.name + SESSION_ENDING)
        return path if not path.exists() or exports.may_replace(path) else None

    def _may_replace(self, path: Path) -> bool:
        """Ask where another program wrote the session's file meanwhile."""
        self._wait()
        now = _stamp(path)
        if now is None or now == self._stamp:
            return True
        question = f"{path.name} was changed by another program since it was opened here. Replace it?"
        answer = QMessageBox.question(self._window, "Save session", plain_tip(question))
        return answer == QMessageBox.StandardButton.Yes

    @property
    def is_saving(self) -> bool:
        """Whether a file is still being written."""
        return bool(self._pending)

    def start_saving(self, path: Path) -> None:
        """Write the document as it is now to ``path``, on the writer's thread."""
        from studio.session.writing import write_session

        state, kept = State.of(self._window.document), self._kept
        self._seen = self._view
        self._stack.setClean()  # it is what will be in the file, whatever changes meanwhile
        future = self._writer.submit(_tried, lambda: write_session(path, state, kept), path.name)
        writing = _Writing(path, future)
        self._pending.append(writing)
        future.add_done_callback(lambda _: self._written.emit(writing))

    def _finish(self, writing: _Writing) -> None:
        """Tell, once, how a writing went."""
        if writing.is_told:
            return
        writing.is_told = True
        self._pending.remove(writing)
        problem = writing.future.result()
        if problem:
            self._stack.resetClean()
            self._is_stale = True
            self._window.warn(problem)
        else:
            self._path, self._stamp = writing.path, _stamp(writing.path)
            self._lock.take(writing.path)
            self._window.settings.remember_recent(writing.path)
            # A notice would move the canvas, whose drawing anew would be felt.
            self._window.statusBar().showMessage(f"Saved {writing.path.name}", _TOLD)
            if not self.is_changed:
                self._writer.submit(self._autosave.remove)
        self._show()

    def _wait(self) -> None:
        """Let what is being written come to its end."""
        while self._pending:
            writing = self._pending[0]
            writing.future.result()
            self._finish(writing)

    def _may_leave(self, title: str) -> bool:
        """Whether the document may go: it is saved, or the user does not want it to be."""
        self._wait()
        if not self.is_changed:
            return True
        answer = self._question(title)
        if answer == QMessageBox.StandardButton.Save:
            self.save()
            self._wait()
            return not self.is_changed
        return answer == QMessageBox.StandardButton.Discard

    def _question(self, title: str) -> int:
        return ask_to_save(self._window, title, self.name)

    def _to_keep(self) -> tuple[State, Kept, Path | None]:
        return State.of(self._window.document), self._kept, self._path

    def _keep(self, state: State, kept: Kept, saved_as: Path | None) -> bool:
        """Write the autosave, on the writer's thread."""
        problem = _tried(lambda: self._autosave.write(state, kept, saved_as), "The autosave")
        self._autosaved.emit(problem)
        return not problem

    def _on_autosaved(self, problem: str) -> None:
        if problem:
            self._is_stale = True
            if not self._is_refused:
                self._is_refused = True
                self._window.warn(f"Your work cannot be kept by itself, so save it yourself: {problem}")

    def _offer_next(self) -> None:
        self._offered = self._left_over.pop(0) if self._left_over else None
        if self._offered is not None:
            saved_as = self._offered.saved_as
            name = f"“{saved_as.stem}”" if saved_as else "a session without a name"
            when = datetime.fromtimestamp(self._offered.seconds)
            self._window.offers.offer(
                f"The studio ended before {name} was saved. Its state of {when:%d %B, %H:%M} was kept."
            )

    def _restore(self) -> None:
        entry = self._offered
        if entry is not None:
            self._window.files.open_left_over(entry.path, lambda opened: self._use_left_over(entry, opened))

    def _use_left_over(self, entry: LeftOver, opened: Opened | None) -> None:
        """Show what was left over; its file goes once the work is kept anew."""
        self._offered = None
        if opened is None:
            entry.release()
        elif not self._may_leave("Restore"):
            self._left_over.insert(0, entry)
        else:
            self._show_opened(opened)
            self._stack.resetClean()
            self._is_stale = False
            kept, after = self._to_keep(), entry.discard if opened.is_whole else entry.release
            self._writer.submit(lambda: after() if self._keep(*kept) else entry.release())
        self._offer_next()

    def _refuse(self) -> None:
        if self._offered is not None:
            self._offered.discard()
        self._offer_next()
