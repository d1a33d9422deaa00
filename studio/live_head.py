"""The window's part in a live performance: between source, document, preview and panel."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QFileDialog

from studio.control_solver import ControlSolver
from studio.document.control_state import controls_of
from studio.document.recording import record_take
from studio.flame.folders import model_folders, user_folder
from studio.flame.open_head import OPEN_HEAD
from studio.live.camera import Camera, Webcam
from studio.live.face_map import FaceMap
from studio.live.film import Film
from studio.live.landmarker import find_task, open_landmarker
from studio.live.performance import Performance
from studio.live.receiver import Receiver
from studio.live.settings import LiveSettings
from studio.live.telling import LiveState, dropped_told, source_told
from studio.live.traffic import Source
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from studio.controls.named_controls import ControlSet
    from studio.panels.live_panel import LivePanel
    from studio.window import StudioWindow

_TICK_MS = 16
_TELL_MS = 250
_FILMS = "Films (*.mp4 *.mov *.m4v *.webm *.mkv *.avi);;All files (*)"


class LiveHead(QObject):
    """Lets the head follow a performer; the document stays as it is until a recording becomes a take."""

    def __init__(self, window: StudioWindow, panel: LivePanel) -> None:
        super().__init__(window)
        self._window = window
        self._panel = panel
        self._settings = LiveSettings.from_text(window.settings.live)
        self._performance = Performance(self._settings)
        self._solver = ControlSolver(window.document, self)
        self._source: Source | None = None
        self._host = ""  # that a phone sends to
        self._map: tuple[ControlSet, FaceMap] | None = None
        self._shown = 0  # the number of the moment on the screen
        self._stale = False  # whether the document has changed under it
        self._ticking = QTimer(self, interval=_TICK_MS)
        self._ticking.setTimerType(Qt.TimerType.PreciseTimer)
        self._ticking.timeout.connect(self._tick)
        self._telling = QTimer(self, interval=_TELL_MS)
        self._telling.timeout.connect(self._tell)
        self._solver.failed.connect(window.warn)
        window.document.changed.connect(self._on_document)
        self._connect(panel)

    def _connect(self, panel: LivePanel) -> None:
        panel.settings_changed.connect(self.use)
        panel.subject_chosen.connect(self.follow)
        panel.film_asked.connect(self.ask_film)
        panel.toggled.connect(self.toggle)
        panel.calibration_asked.connect(self.calibrate)
        panel.neutral_dropped.connect(self.forget_neutral)
        panel.record_toggled.connect(self.toggle_recording)
        panel.show_settings(self._settings)

    @property
    def running(self) -> bool:
        """Whether the head follows a performer."""
        return self._source is not None

    @property
    def source(self) -> Source | None:
        """Where frames come from."""
        return self._source

    def use(self, settings: LiveSettings) -> None:
        """Drive the head by ``settings``, and remember them; a source that runs stays the one it is."""
        self._settings = settings
        self._performance.use(settings)
        self._window.settings.live = settings.to_text()
        self._stale = True

    def follow(self, subject: str) -> None:
        """Follow ``subject`` alone; empty for whoever sends first."""
        if isinstance(self._source, Receiver):
            self._source.follow(subject)

    def ask_film(self) -> None:
        """Let the user choose a film of a face."""
        settings = self._window.settings
        name, _ = QFileDialog.getOpenFileName(self._window, "Film of a face", str(settings.folder), _FILMS)
        if name:
            settings.folder = Path(name).parent
            self.use(self._settings.replace(source="video", video=name))
            self._panel.show_settings(self._settings)

    def toggle(self) -> None:
        """Start, or stop."""
        self.stop() if self.running else self.start()

    def start(self) -> None:
        """Let the head follow what the source sends; where it cannot, say why."""
        if self.running:
            return
        self._performance = self._performance.renewed(self._settings)
        self._window.workspace.show_dock("Live")
        try:
            source = self._made_source()
            source.start()
        except StudioError as error:
            self._show(LiveState(told=str(error), calibrated=self._performance.is_calibrated))
            self._show_check()
            return
        self._source, self._shown = source, 0
        self._host = source.reached_at if isinstance(source, Receiver) else ""
        self._show_check()
        self._solver.solve()
        self._ticking.start()
        self._telling.start()
        self._tell()

    def stop(self) -> None:
        """Show the document's own head again; what is being recorded becomes a take."""
        source, self._source = self._source, None
        if source is None:
            return
        told = source_told(self._settings, source.traffic, time.monotonic())
        over = bool(source.traffic.problem or source.traffic.ended)
        source.stop()
        self._ticking.stop()
        self._telling.stop()
        self.keep_recording()
        self._window.document.preview.clear(self)
        self._show_check()
        self._show(LiveState(told=told if over else "Stopped.", calibrated=self._performance.is_calibrated))

    def close(self) -> None:
        """End for good, with the window."""
        self.stop()
        self._window.document.changed.disconnect(self._on_document)

    def calibrate(self) -> None:
        """Take the face of the next frames for neutral."""
        if not self.running:
            self._window.notify("Start live first; then keep your face at rest for a second.")
            return
        self._performance.calibrate()
        self._tell()

    def forget_neutral(self) -> None:
        """Take faces as they come."""
        self._performance.forget_neutral()
        self._tell()

    def toggle_recording(self) -> None:
        """Record what the head does, from its start where it does not yet; or make a take of what was."""
        if self._performance.recording is not None:
            self.keep_recording()
        else:
            self.start()
            if self.running:
                self._performance.record()
        if self.running:
            self._tell()

    def _made_source(self) -> Source:
        settings, take = self._settings, self._performance.take
        if settings.source == "udp":
            return Receiver(take, settings.port, settings.everywhere)
        model = self._window.document.model.source
        task = find_task([*model_folders(None if model == OPEN_HEAD else model), user_folder()])
        if settings.source == "webcam":
            return Camera(take, lambda: Webcam(settings.webcam), lambda: open_landmarker(task))
        if not settings.video:
            raise StudioError("Choose a film of a face first.")
        return Camera(take, lambda: Film(Path(settings.video)), lambda: open_landmarker(task))

    def keep_recording(self) -> None:
        """Make a take of what was recorded, and record no longer; where it cannot be made, it stays."""
        if self._performance.recording is None:
            return
        document = self._window.document
        try:
            faces = FaceMap.of(controls_of(document))  # at hand, unless the model was changed just now
        except StudioError as error:
            self._window.warn(str(error))
            return
        recorded = self._performance.end_recording()
        if recorded is None:
            self._window.notify("No frame came while recording, so there is no take.")
            return
        clip = recorded.clip(document.model, faces, document.params, self._follows)
        self._window.push(record_take(document, clip))
        self._window.notify(f"{document.take.name}: {len(clip)} frames at {clip.fps:g} a second.")

    @property
    def _follows(self) -> tuple[bool, bool, bool]:
        return self._settings.units, self._settings.head, self._settings.gaze

    def _faces(self) -> FaceMap | None:
        """The map of the document's model; None while its controls are being found."""
        controls = self._solver.controls
        if controls is None:
            self._solver.solve()
            return None
        if self._map is None or self._map[0] is not controls:
            self._map = controls, FaceMap.of(controls)
        return self._map[1]

    def _on_document(self, names: frozenset[str]) -> None:
        self._stale |= bool(names & {"model", "takes", "active", "position", "controls"})

    def _tick(self) -> None:
        """Show the newest moment, unless something else is being tried out."""
        document, moment = self._window.document, self._performance.newest
        if moment is None or document.preview.owner not in (None, self):
            return
        if moment.number == self._shown and not self._stale:
            return
        faces = self._faces()
        if faces is not None:
            self._shown, self._stale = moment.number, False
            params = faces.params(document.params, moment.units, moment.head, self._follows)
            document.preview.show(self, document.model, params)

    def _tell(self) -> None:
        source, performance = self._source, self._performance
        if source is None:
            self._show(LiveState(calibrated=performance.is_calibrated))
            return
        traffic = source.traffic
        if traffic.problem and not self._panel.isVisible():
            self._window.warn(traffic.problem)
        if traffic.problem or traffic.ended:
            self.stop()
            return
        recording = performance.recording
        if recording is not None and recording.is_full:
            self._window.warn("An hour is recorded, which is the most; it is kept as a take.")
            self.keep_recording()
            recording = None
        self._show(
            LiveState(
                running=True,
                told=source_told(self._settings, traffic, time.monotonic(), self._host),
                dropped=dropped_told(self._settings, traffic),
                subjects=traffic.subjects,
                calibrating=performance.calibrating,
                calibrated=performance.is_calibrated,
                recorded=None if recording is None else recording.seconds,
            )
        )

    def _show_check(self) -> None:
        self._window.actions_by_id["live"].setChecked(self.running)

    def _show(self, state: LiveState) -> None:
        self._panel.show_state(state)
