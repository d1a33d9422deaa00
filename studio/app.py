"""The application: one window, opened with files, from start to quit."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from studio import __version__, trace
from studio.document.document import Document
from studio.engine import BackendChoice
from studio.flame.model import HeadModel
from studio.flame.open_head import load_open_head
from studio.flame.textures import texture_picture
from studio.settings import Settings
from studio.storage.atomic import atomic_path, cannot_write
from studio.storage.errors import StudioError
from studio.theme import application_icon, apply_motion, apply_theme
from studio.threads import tidy_here

if TYPE_CHECKING:
    from studio.window import StudioWindow

_BEGIN_PATIENCE = 4000  # milliseconds until the backend is loaded though no head could be drawn yet
_SNAPSHOT_DELAY = 600  # milliseconds for docks and labels to settle after the head is shown
_SNAPSHOT_PATIENCE = 60_000  # milliseconds until a snapshot without a backend is taken all the same


@dataclass(frozen=True)
class WindowOptions:
    """What the command line asks of the window."""

    model: Path | None = None
    backend: str | None = None  # None: as last time
    device: str | None = None
    threads: int | None = None
    trace: bool = False  # print when the start reached its marks
    snapshot: Path | None = None  # picture the window once the head is shown, and quit


def run(files: Sequence[Path], options: WindowOptions) -> int:
    """Open the window and return the exit status when it is closed.

    The window opens on the open head at once; a licensed model is read meanwhile and switched to.

    Raises:
        StudioError: the installation is damaged, or the picture that was asked for cannot be written.

    """
    if options.trace:
        trace.enable()
    gc.disable()  # nothing that the start makes is garbage; looking for it would hold up the window
    head = load_open_head()
    Thread(target=_read_texture, args=(head,), name="texture", daemon=True).start()
    application = _application()
    settings = Settings()
    apply_theme(application, settings.theme, settings.text_size)
    apply_motion(application, settings.reduced_motion)
    from studio.window import StudioWindow

    window = StudioWindow(Document(head), _choice(options, settings), settings)
    window.painted.connect(lambda: trace.mark("window"))
    window.canvas.first_drawn.connect(lambda: trace.mark("head"))
    problems: list[StudioError] = []
    begin = _Once(lambda: _begin(window, files, options, problems))
    window.canvas.first_drawn.connect(begin)
    QTimer.singleShot(_BEGIN_PATIENCE, begin)
    window.show()
    _end_on_signals(application, window)
    _keep_on_failure(window)
    status = application.exec()
    if problems:
        raise problems[0]
    return status


def _read_texture(head: HeadModel) -> None:
    """Decode the texture of ``head`` while the window is built, which then finds it in memory."""
    with suppress(StudioError):  # the canvas tells
        for source in head.textures[:1]:
            texture_picture(source, head)


class _Once:
    """Does ``work`` at the first of its calls."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work: Callable[[], None] | None = work

    def __call__(self) -> None:
        work, self._work = self._work, None
        if work is not None:
            work()


def _begin(
    window: StudioWindow, files: Sequence[Path], options: WindowOptions, problems: list[StudioError]
) -> None:
    """Load the backend, the user's model and the files that were named."""
    gc.freeze()
    tidy_here(window)
    if window.closed:
        return
    window.start()
    window.files.open_first_model(options.model or window.settings.model, files)
    window.sessions.offer_left_over()
    if options.snapshot:
        _picture_and_quit(window, options.snapshot, problems)
    else:
        window.first_steps.show_at_first_start()


def _picture_and_quit(window: StudioWindow, path: Path, problems: list[StudioError]) -> None:
    """Save a picture of the whole window once the backend's head is on the screen, and close.

    What keeps it from being saved is put into ``problems``: nothing hears what a timer raises.
    """
    taken = False

    def take() -> None:
        nonlocal taken
        if not taken:
            taken = True
            try:
                _save_picture(window, path)
            except StudioError as error:
                problems.append(error)
            window.close()

    window.head_shown.connect(lambda: QTimer.singleShot(_SNAPSHOT_DELAY, take))
    QTimer.singleShot(_SNAPSHOT_PATIENCE, take)


def _save_picture(window: StudioWindow, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error
    with atomic_path(path) as temporary:
        if not window.picture().save(str(temporary)):
            raise StudioError(f"{path.name} was not written: its ending names no picture format; try .png.")


def _application() -> QApplication:
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setOrganizationName("FLAME Studio")
    application.setApplicationName("FLAME Studio")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("flame-studio")
    application.setWindowIcon(application_icon())
    return application


def _choice(options: WindowOptions, settings: Settings) -> BackendChoice:
    name, device = settings.backend
    if options.backend or options.device:
        name, device = options.backend or "auto", options.device
    return BackendChoice(name, device, options.threads)


def _keep_on_failure(window: StudioWindow) -> None:
    """Keep what is not saved when something goes wrong that nobody foresaw, and go on as before."""
    tell = sys.excepthook

    def keep(kind: type[BaseException], error: BaseException, trail: TracebackType | None) -> None:
        if not window.closed:
            with suppress(Exception):
                window.sessions.keep_now()
        tell(kind, error, trail)

    sys.excepthook = keep


def _end_on_signals(application: QApplication, window: StudioWindow) -> None:
    """Close without a question when the shell or the system says so, and keep what is not saved.

    Qt's loop must hand control to Python now and then, for it to hear.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: window.end())
    timer = QTimer(application)
    timer.timeout.connect(lambda: None)
    timer.start(500)
