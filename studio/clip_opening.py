"""Opens clips for the window: reads them on a thread, puts them on its model, and tells what came of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from studio.document.commands import open_clip

if TYPE_CHECKING:
    from studio.flame.model import HeadModel
    from studio.sequence.clip import Clip
    from studio.sequence.layout import Recording
    from studio.sequence.report import ImportReport
    from studio.window import StudioWindow

Use = Callable[[], None]  # what to do, on the window's thread, with what was read
InBackground = Callable[[Callable[[], Use], str], None]  # reads on the thread; the text says what
_OWN = "a clip of the studio"
_NO_RATE = "does not say its frame rate"


class ClipOpener:
    """What :class:`studio.opening.FileOpener` does with clips."""

    def __init__(self, window: StudioWindow, in_background: InBackground) -> None:
        self._window = window
        self._in_background = in_background

    def read(self, path: Path, title: str, is_example: bool = False, fill: bool = False) -> Use:
        """Read the clip at ``path``, on any thread; making it a take called ``title`` is for the window's.

        Args:
            path: a file, a folder or a pattern.
            title: what the take is called.
            is_example: it is not remembered among the files opened lately, and not reported on.
            fill: make numbers that are not finite from the frames around them.

        Raises:
            StudioError: it cannot be read, or is no clip.

        """
        from studio.sequence.files import read_recording
        from studio.sequence.joints import GapsError

        try:
            recording = read_recording(path, fill)
        except GapsError as error:
            return partial(self._offer_filling, path, title, str(error))
        return self._adapted(recording, title, None if is_example else path)

    def _adapted(self, recording: Recording, title: str, path: Path | None) -> Use:
        """``recording`` on the model in use, which takes a moment where its units have to be solved."""
        from studio.controls.captured import on_model

        model = self._window.document.model
        clip, notices = on_model(recording, model, path.name if path else title)
        return partial(self._use, recording, clip, notices, model, title, path)

    def _use(
        self,
        recording: Recording,
        clip: Clip,
        notices: list[str],
        model: HeadModel,
        title: str,
        path: Path | None,
    ) -> None:
        """Add ``clip`` as a take; on another model than it was made for it is made anew."""
        from studio.sequence.adapt import finished_report

        window = self._window
        if window.document.model is not model:
            self._in_background(lambda: self._adapted(recording, title, path), title)
            return
        window.push(open_clip(window.document, title, clip, path))
        report = finished_report(recording, clip, notices)
        reported = path is not None and (bool(report.dropped) or report.layout != _OWN)
        for notice in notices:
            if not (reported and _NO_RATE in notice):  # which the report says anyway
                window.notify(notice)
        if path is not None:
            window.settings.remember_recent(path)
        if reported:
            window.notices.show_info(report.summary, ("Report…", partial(self.show, report)))

    def show(self, report: ImportReport) -> None:
        """Open a window with all that ``report`` says."""
        from studio.panels.report_dialog import ReportDialog

        ReportDialog(report, self._window).open()

    def _offer_filling(self, path: Path, title: str, problem: str) -> None:
        """Offer to open a clip with gaps anyway."""

        def fill() -> None:
            self._in_background(lambda: self.read(path, title, fill=True), path.name)

        offered = f"{problem} Or fill such gaps from the frames around them."
        self._window.notices.show_warning(offered, ("Fill gaps", fill))
