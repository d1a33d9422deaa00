"""The main window: puts document, engine, canvas, player and panels together."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QPaintEvent, QPixmap
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from studio import trace
from studio.actions.building import allow_jobs, animation_keys, build
from studio.areas import Areas
from studio.backends.base import Surface
from studio.camera_following import CameraFollowing
from studio.canvas.head_canvas import HeadCanvas
from studio.clip_operations import ClipOperations
from studio.comfort import Comfort
from studio.comparing import Comparing
from studio.copying import Copies
from studio.document.camera import Camera
from studio.document.commands import RESETS, Command, reset_fields, set_locks, set_look, set_playback
from studio.document.document import Document
from studio.document.locks import hold_back, reset_texture
from studio.document.look import Mode
from studio.document.occasion import occasion_of
from studio.driving import Driving
from studio.engine import BackendChoice, Engine, Result
from studio.exporting import Exports
from studio.first_steps import FirstSteps
from studio.fitting_room import FittingRoom
from studio.flame.neutral import rest
from studio.flame.open_head import OPEN_HEAD
from studio.job_runner import JobRunner
from studio.keymap import Keymap, shown_keys
from studio.leaving import close_parts, may_close
from studio.media_files import MediaFiles
from studio.model_library import ModelLibrary
from studio.opening import FileOpener
from studio.photo_desk import PhotoDesk
from studio.player import Player
from studio.pointing.tools import PointerTools
from studio.pose_library import PoseLibrary
from studio.reducing import Reducing
from studio.render.framing import frame_head, view_preset
from studio.scan_desk import ScanDesk
from studio.seeing import Seeing
from studio.sessions import Sessions
from studio.settings import Settings
from studio.sounding import Sounding
from studio.status import StatusLine
from studio.undo import History
from studio.widgets.notice import NoticeBar
from studio.widgets.offer_bar import OfferBar
from studio.widgets.own_keys import OwnKeys
from studio.workspace import Workspace

if TYPE_CHECKING:
    from studio.finder import Finder

_OVERLAYS = {
    "wire_over": "Wireframe",
    "show_landmarks": "Landmarks",
    "show_landmark_numbers": "Landmark numbers",
    "show_joints": "Joints",
}
_LOCKED = "Locked sliders kept their values."


class StudioWindow(QMainWindow):
    """One document in one window. What the actions do are its public methods."""

    head_shown = Signal()  # a surface from the backend is on the canvas
    painted = Signal()  # the window is on the screen, for the first time

    document: Document
    history: History
    player: Player
    files: FileOpener
    exports: Exports
    copies: Copies
    media: MediaFiles
    comparing: Comparing
    fitting: FittingRoom
    photos: PhotoDesk
    scans: ScanDesk
    reducing: Reducing
    operations: ClipOperations
    driving: Driving
    sessions: Sessions
    sounding: Sounding
    poses: PoseLibrary
    settings: Settings
    workspace: Workspace
    pointer: PointerTools
    comfort: Comfort
    areas: Areas
    first_steps: FirstSteps

    def __init__(self, document: Document, choice: BackendChoice, settings: Settings) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.document = document
        self.settings = settings
        self.history = History(document)
        self.sounding = Sounding(self)
        self._camera_following = CameraFollowing(document)
        self.player = Player(document, self.sounding.clock)
        self.engine = Engine(document, choice)
        self.jobs = JobRunner()
        self.result: Result | None = None
        self._closed = self._is_ending = self._painted = False
        self.canvas = HeadCanvas()
        self.notices = NoticeBar()
        self.offers = OfferBar("Restore", "Discard")
        self._put_in_centre()
        self.files = FileOpener(self)
        self.exports = Exports(self)
        self.copies = Copies(self)
        self.media = MediaFiles(self)
        self.sessions = Sessions(self)
        self.comparing = Comparing(self)
        self.fitting = FittingRoom(self)
        self.photos = PhotoDesk(self)
        self.scans = ScanDesk(self)
        self.reducing = Reducing(self)
        self.operations = ClipOperations(self)
        self.driving = Driving(self)
        self.poses = PoseLibrary(self)
        self.library = ModelLibrary(self)
        self.keymap = Keymap(settings)
        self.actions_by_id = build(self)
        self.comfort = Comfort(self)
        self.status = StatusLine(self)
        self.pointer = PointerTools(self)
        self.workspace = Workspace(self)
        self.areas = Areas(self)
        self.first_steps = FirstSteps(self)
        self._own_keys = OwnKeys(self, self, *self.workspace.docks.values())
        self.setAnimated(False)  # docks would glide for longer than anything of the studio moves
        self._connect()
        self._seeing = Seeing(self)
        self._show_document(frozenset({"model", "takes", "look", "playback"}))
        self._show_neutral()
        self._show_history()
        self.workspace.restore(settings)

    def _put_in_centre(self) -> None:
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.offers)
        layout.addWidget(self.notices)
        layout.addWidget(self.canvas, 1)
        self.setCentralWidget(centre)

    def _connect(self) -> None:
        self.document.changed.connect(self._show_document)
        self.canvas.camera_changed.connect(lambda camera: self.document.set(camera=camera))
        self.canvas.problem.connect(self.warn)
        self.engine.ready.connect(self._show_result)
        self.engine.backend_changed.connect(self.status.show_backend)
        self.engine.notice.connect(self.warn)
        self.player.playing_changed.connect(self.workspace.timeline.set_playing)
        self.player.playing_changed.connect(self.canvas.set_playing)
        self.workspace.timeline.play_toggled.connect(self.player.toggle)
        self.history.stack.indexChanged.connect(self._show_history)
        self.workspace.timeline.stepped.connect(self.player.step)
        self.workspace.timeline.time_asked.connect(self.player.go_to)
        self.player.rate_changed.connect(self.workspace.timeline.set_rate)
        bar = self.status.job_bar
        bar.cancel_asked.connect(self.jobs.cancel)
        self.jobs.started.connect(bar.start)
        self.jobs.progressed.connect(lambda p: bar.show_progress(p.what, p.done, p.total))
        self.jobs.ended.connect(self._show_job_ended)
        queue = self.exports.queue
        queue.changed.connect(lambda _: bar.show_waiting(queue.waiting))
        self.jobs.started.connect(lambda _: allow_jobs(self.actions_by_id, False))
        self.keymap.changed.connect(self._show_keys)
        self._show_keys("palette")
        self.status.read_times(self._times)

    def _show_job_ended(self) -> None:
        """Show that no job runs, unless the next one of the queue does already."""
        if not self.jobs.busy:
            self.status.job_bar.finish()
            allow_jobs(self.actions_by_id, True)

    def _show_keys(self, name: str) -> None:
        if name == "palette":
            self.status.show_finding_keys(shown_keys(self.keymap.keys(name)[:1]))
        self.workspace.timeline.set_keys(animation_keys(self.keymap))

    def _times(self) -> tuple[float, float] | None:
        return None if self.result is None else (self.result.seconds, self.canvas.drawing_seconds)

    @property
    def closed(self) -> bool:
        """Whether the user has closed it."""
        return self._closed

    def start(self) -> None:
        """Begin computing; call once the window is on the screen."""
        self.engine.start()
        self.workspace.offer_backends()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Say once that the window stands."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.painted.emit()

    def push(self, command: Command) -> None:
        """Do ``command`` and remember it for Undo."""
        self.history.push(command)

    def notify(self, text: str) -> None:
        """Tell something that needs no action."""
        self.notices.show_info(text)

    def warn(self, text: str) -> None:
        """Tell a problem."""
        self.notices.show_warning(text)

    def _show_neutral(self) -> None:
        model = self.document.model
        head = rest(model)
        self.canvas.set_model(model)
        self.canvas.set_surface(Surface(head.vertices, head.normals, head.landmarks, head.joints, 0))
        self.frame_head()

    def _show_result(self, result: Result) -> None:
        if self._closed or result.model is not self.document.model:
            return
        first = self.result is None
        if self.canvas.model is not result.model:
            self.canvas.set_model(result.model)
        self.result = result
        self.canvas.set_surface(result.surface)
        if first:
            trace.mark("backend")
        self.head_shown.emit()

    def _show_document(self, names: frozenset[str]) -> None:
        document = self.document
        if names & {"takes", "active", "position"}:
            self.canvas.set_occasion(occasion_of(document))
        if "model" in names:
            self.status.show_model(document.model)
            self.workspace.offer_models()
        if names & {"look", "camera", "playback", "model", "tools", "comparison", "reference"}:
            self.workspace.show_checks()

    def _show_history(self) -> None:
        stack = self.history.stack
        undo, redo = self.actions_by_id["undo"], self.actions_by_id["redo"]
        undo.setEnabled(stack.canUndo())
        redo.setEnabled(stack.canRedo())
        undo.setText(f"Undo {stack.undoText()}".strip())
        redo.setText(f"Redo {stack.redoText()}".strip())
        self.status.show_last_step(stack.undoText())

    def set_mode(self, mode: Mode) -> None:
        """Choose the shading."""
        self.push(set_look(self.document, "Shading", self.document.look.replace(mode=mode)))

    def toggle_look(self, name: str) -> None:
        """Show or hide one of the look's overlays."""
        look = self.document.look
        self.push(set_look(self.document, _OVERLAYS[name], look.replace(**{name: not getattr(look, name)})))

    def frame_head(self) -> None:
        """Fit the head into the canvas, seen from where the camera is."""
        self.show_camera(self.document.camera)

    def show_view(self, preset: str) -> None:
        """Look from one of the named directions, the head framed."""
        self.show_camera(view_preset(preset, self.document.camera))

    def show_camera(self, camera: Camera) -> None:
        """Look in ``camera``'s direction at the framed head."""
        vertices = self.result.surface.vertices if self.result else self.document.model.v_template
        self.document.set(camera=frame_head(vertices, camera, self.canvas.aspect))

    def toggle_orthographic(self) -> None:
        """Switch between perspective and parallel projection."""
        camera = self.document.camera
        self.document.set(camera=camera.replace(orthographic=not camera.orthographic))

    def reset(self, group: str) -> None:
        """Set a group of parameters to neutral."""
        name, fields = RESETS[group]
        self.push(reset_fields(self.document, name, fields))
        if hold_back(self.document, fields):
            self.notify(_LOCKED)

    def unlock_all(self) -> None:
        """Open every lock."""
        self.push(set_locks(self.document, "everything", self.document.locks, locked=False))

    def reset_appearance(self) -> None:
        """Set the coefficients of the texture to 0."""
        look = self.document.look
        texture = reset_texture(self.document)
        self.push(set_look(self.document, "Reset appearance", look.replace(texture=texture)))
        if texture.coefficients:
            self.notify(_LOCKED)

    def go_to_end(self, end: int) -> None:
        """Move the cursor to the first (0) or last (1) frame played."""
        self.player.go_to(self.document.play_range[end])

    def toggle_loop(self) -> None:
        """Play once or over and over."""
        playback = self.document.playback
        self.push(set_playback(self.document, "Loop", playback.replace(loop=not playback.loop)))

    def use_backend(self, name: str, device: str | None) -> None:
        """Compute with another backend or device."""
        self.settings.backend = (name, device)
        self.engine.use(BackendChoice(name, device, self.engine.choice.threads))

    def show_models(self) -> None:
        """Open the Models dialog."""
        self.library.show()

    @cached_property
    def finder(self) -> Finder:
        """What finds commands, panels, takes and poses."""
        from studio.finder import Finder

        return Finder(self)

    def show_palette(self) -> None:
        """Open the list of all commands."""
        self.finder.show()

    def show_shortcuts(self) -> None:
        """Open the list of all keys."""
        from studio.panels.shortcuts_dialog import ShortcutsDialog

        ShortcutsDialog(self.keymap, self).open()

    def show_about(self) -> None:
        """Open the About window."""
        from studio.panels.about_dialog import AboutDialog

        AboutDialog(self.document.model, self).open()

    def picture(self) -> QPixmap:
        """The whole window as it is on the screen."""
        QGuiApplication.processEvents()
        return self.screen().grabWindow(self.winId())

    def end(self) -> None:
        """Close without a question, as the system asks; what is not saved is kept for the next start."""
        self.sessions.keep_now()
        self._is_ending = True
        QApplication.closeAllWindows()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Open what was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.files.open(paths)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Remember the layout, stop the player, jobs and threads."""
        if self._closed:
            return
        self.driving.keep_recording()
        may_go = self._is_ending or may_close(self)
        if not may_go and not self._is_ending:  # the system may ask while the question stands
            event.ignore()
            return
        event.accept()
        self._closed = True
        self.pointer.release()
        self.workspace.save(self.settings)
        self.hide()
        source = self.document.model.source
        self.settings.model = None if source == OPEN_HEAD else source
        self.history.stack.indexChanged.disconnect(self._show_history)
        close_parts(self, keep=self._is_ending)
