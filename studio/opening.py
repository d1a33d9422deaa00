"""Opens files for what they are: sessions, clips that become takes, head models that are switched to."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from studio.clip_opening import ClipOpener, Use
from studio.document.carry import asks_for_units, carried_over, lost_pins_notice
from studio.document.commands import set_look, use_model
from studio.document.control_state import ControlState, solve_controls, units_between
from studio.document.faces import use_mapping
from studio.document.take import Take
from studio.flame.files import load_model
from studio.flame.model import HeadModel
from studio.flame.open_head import load_open_head
from studio.flame.params import Params
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from studio.controls.mapping_file import UnitMapping
    from studio.document.look import Environment
    from studio.session.on_model import Opened
    from studio.window import StudioWindow

_CLIPS = "*.npz *.json *.csv *.npy *.bvh *.mat *.frame *.pkl"
_PHOTOS = "*.jpg *.jpeg *.png *.webp *.tif *.tiff *.bmp *.gif"
_FILTER = (
    f"Everything that opens (*.flame *.flamepose {_CLIPS} {_PHOTOS} *.wav *.flac *.ogg *.mp3 "
    "*.safetensors);;"
    f"Sessions (*.flame);;Clips ({_CLIPS});;Photos ({_PHOTOS});;All files (*)"
)
_ENVIRONMENTS = (
    "Panoramas and coefficients (*.hdr *.pic *.png *.jpg *.jpeg *.webp *.tif *.tiff *.json *.npy *.npz)"
)
_SCANS = (".obj", ".ply", ".stl", ".xyz")
_MAPPINGS = "Mappings (*.npz *.csv *.json);;All files (*)"
_log = logging.getLogger(__name__)


def _companions(model: HeadModel) -> tuple[object, ...]:
    """What the files beside ``model`` gave it, to be compared."""
    textures = tuple(source.key for source in model.textures)
    return textures, model.uv is None, model.landmarks is None, tuple(sorted(model.regions)), model.notices


class FileOpener(QObject):
    """Opening of clips and models by dialog, drop, menu or command line.

    Files are read one after another on a thread, so that a large one does not hold up the window,
    and used in the order in which they were asked for.
    """

    _read = Signal(object)  # Use

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window
        self.models: list[HeadModel] = [window.document.model]
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader")
        self._clips = ClipOpener(window, self._in_background)
        self._closed = False
        self._read.connect(self._on_read)

    def ask(self) -> None:
        """Let the user choose files."""
        folder = str(self._window.settings.folder)
        names, _ = QFileDialog.getOpenFileNames(self._window, "Open", folder, _FILTER)
        if names:
            self._window.settings.folder = Path(names[0]).parent
            self.open([Path(name) for name in names])

    def ask_folder(self) -> None:
        """Let the user choose a folder: of frames, of meshes, or of a head model's arrays."""
        folder = str(self._window.settings.folder)
        name = QFileDialog.getExistingDirectory(self._window, "Open folder", folder)
        if name:
            self._window.settings.folder = Path(name)
            self.open([Path(name)])

    def ask_mapping(self) -> None:
        """Let the user choose a mapping of units to the components of the model."""
        folder = str(self._window.settings.folder)
        name, _ = QFileDialog.getOpenFileName(self._window, "Mapping", folder, _MAPPINGS)
        if name:
            path = Path(name)
            self._window.settings.folder = path.parent
            self._in_background(lambda: self._read_mapping(path), path.name)

    def ask_environment(self) -> None:
        """Let the user choose a file with light from all around, which may be a large panorama."""
        folder = str(self._window.settings.folder)
        title = "Load light from all around"
        name, _ = QFileDialog.getOpenFileName(self._window, title, folder, _ENVIRONMENTS)
        if name:
            path = Path(name)
            self._window.settings.folder = path.parent
            self._in_background(lambda: self._read_environment(path), path.name)

    def open(self, paths: Iterable[Path]) -> None:
        """Open every file for what it is; each problem is one notice, and the others still open."""
        for path in paths:
            self._in_background(partial(self._read_any, path), path.name)

    def open_example(self, title: str, path: Path) -> None:
        """Open a clip that is shipped with the studio."""
        self._in_background(lambda: self._clips.read(path, title, is_example=True), title)

    def open_left_over(self, path: Path, use: Callable[[Opened | None], None]) -> None:
        """Read the autosave at ``path`` and ``use`` it; None, and a notice, where it cannot be read."""

        def failed(problem: str) -> None:
            self._window.warn(problem)
            use(None)

        self._in_background(lambda: partial(use, self._read_session(path)), path.name, failed)

    def open_face(self, path: Path, use: Callable[[Params], None], meshes: bool = False) -> None:
        """Read the face in the session, clip or pose at ``path`` on the model in use, and ``use`` it.

        With ``meshes`` it may also be a mesh with the vertices of the model.
        """

        def read() -> Use:
            from studio.session.face import read_face, read_head

            reader = read_head if meshes else read_face
            face, notices = reader(path, self._window.document.model, tuple(self.models))

            def tell() -> None:
                use(face)
                for notice in notices:
                    self._window.notify(notice)

            return tell

        self._in_background(read, path.name)

    def run_aside(self, read: Callable[[], Use], what: str) -> None:
        """Run ``read``, about ``what``, on the thread that reads files, and what it gives on this one."""
        self._in_background(read, what)

    def open_scan(self, path: Path) -> None:
        """Read the scan at ``path``, to be fitted to."""
        self._in_background(lambda: self._read_scan(path), path.name)

    def open_model(self, path: Path | None) -> None:
        """Switch to the head model at ``path``; None for the open head."""

        def read() -> Use:
            return partial(self.use_model, load_model(path) if path else load_open_head())

        self._in_background(read, path.name if path else "The open head")

    def open_first_model(self, path: Path | None, then: Iterable[Path]) -> None:
        """Switch to the model at ``path``, else to one in the model folders, and open the files ``then``."""

        def read() -> Use:
            return partial(self._use_first_model, load_model(path))

        def tell(problem: str) -> None:
            self._window.warn(f"{problem} The open head is used.")

        self._in_background(read, path.name if path else "The head model", tell)
        self.open(then)

    def use_model(self, model: HeadModel) -> None:
        """Switch to ``model``; the takes stay as far as the models agree."""
        document = self._window.document
        model = self._known(model)
        if model is document.model.original:
            self._window.notify(f"{model.name} is already in use.")
            return
        if asks_for_units(document.takes, document.model, model):
            self._in_background(self._carrying(model), model.name)
            return
        takes, notice = carried_over(document.takes, document.model, model)
        self._switch(model, takes, notice)

    def _carrying(self, model: HeadModel) -> Callable[[], Use]:
        """What makes the faces of the document's takes on ``model``, whose controls may have to be solved."""
        document = self._window.document
        takes, old, state = document.takes, document.model, document.controls

        def carry() -> Use:
            units = units_between(takes, old, state, model)
            return partial(take, *carried_over(takes, old, model, units))

        def take(carried: tuple[Take, ...], notice: str) -> None:
            if document.takes is takes and document.model is old:
                self._switch(model, carried, notice)
            else:
                self.use_model(model)

        return carry

    def _switch(self, model: HeadModel, takes: tuple[Take, ...], notice: str) -> None:
        document = self._window.document
        notices = [notice, lost_pins_notice(document.pins, document.model, model)]
        old, mapping = document.model.name, document.controls.mapping_name
        self._window.push(use_model(document, model, takes))
        if mapping and not document.controls.mapping_name:
            notices.append(f"{mapping} maps to {old} and was left out; undo brings it back.")
        if any(notices):
            self._window.notify(" ".join(told for told in notices if told))
        self._warn_of(model)

    def know(self, model: HeadModel) -> None:
        """Offer ``model``, which a session brought along, among those that are loaded."""
        if self._known(model) is model:
            self._warn_of(model)

    def close(self) -> None:
        """Forget what is not read yet, and join the thread."""
        self._closed = True
        self._reader.shutdown(wait=True, cancel_futures=True)

    def _known(self, model: HeadModel) -> HeadModel:
        """The loaded model with the digest of ``model``; ``model`` itself, from now on, if there is none.

        One that was read again takes the old one's place where other files lie beside it now.
        """
        for place, loaded in enumerate(self.models):
            if loaded.digest == model.digest:
                if _companions(loaded) == _companions(model):
                    return loaded
                self.models[place] = model
                return model
        self.models.append(model)
        return model

    def _use_first_model(self, model: HeadModel) -> None:
        window = self._window
        if model.digest == window.document.model.digest:
            return
        if window.history.stack.count():
            self.use_model(model)
            return
        takes, _ = carried_over(window.document.takes, window.document.model, model)
        use_model(window.document, self._known(model), takes).apply(window.document)
        self._warn_of(model)

    def _warn_of(self, model: HeadModel) -> None:
        """Tell what lies beside ``model`` and cannot be used on it."""
        for notice in model.notices:
            self._window.warn(notice)

    def _read_any(self, path: Path) -> Use:
        from studio.scripting.files import kind_of, title_of_clip
        from studio.sounding import read_facts

        if path.suffix.lower() in _SCANS and path.is_file():
            return self._read_scan(path)
        kind = kind_of(path)
        if kind == "session":
            return partial(self._window.sessions.use, path, self._read_session(path))
        if kind == "model":
            return partial(self.use_model, load_model(path))
        if kind == "mapping":
            return self._read_mapping(path)
        if kind == "pose":
            return partial(self._window.poses.take_in, path)
        if kind == "sound":
            return partial(self._window.sounding.use, path, read_facts(path))
        if kind == "photo":
            return self._window.photos.read(path)
        return self._clips.read(path, title_of_clip(path))

    def _read_scan(self, path: Path) -> Use:
        """A scan, and how it is drawn, which takes a moment."""
        from studio.fitting.scans.drawing import drawable
        from studio.fitting.scans.reading import read_scan

        scan = read_scan(path)
        return partial(self._window.scans.use, scan, drawable(scan))

    def _read_session(self, path: Path) -> Opened:
        from studio.session.on_model import open_session

        return open_session(path, tuple(self.models), self._window.document.model.original)

    def _read_mapping(self, path: Path) -> Use:
        """A mapping whose units are measured on the model in use, which takes a moment."""
        from studio.controls.mapping_file import read_mapping

        mapping, model = read_mapping(path), self._window.document.model
        solve_controls(model, ControlState(mapping, path.name))
        return partial(self._use_mapping, mapping, path, model)

    def _use_mapping(self, mapping: UnitMapping, path: Path, model: HeadModel) -> None:
        document = self._window.document
        if document.model.original is model.original:
            self._window.push(use_mapping(document, mapping, path.name, path))
        else:
            self._in_background(lambda: self._read_mapping(path), path.name)

    def _read_environment(self, path: Path) -> Use:
        from studio.document.environment_file import read_environment

        return partial(self._use_environment, read_environment(path))

    def _use_environment(self, environment: Environment) -> None:
        document = self._window.document
        look = document.look.replace(environment=environment)
        self._window.push(set_look(document, "Environment", look))

    def _in_background(
        self, read: Callable[[], Use], what: str, tell: Callable[[str], None] | None = None
    ) -> None:
        self._reader.submit(self._run, read, what, tell or self._window.warn)

    def _run(self, read: Callable[[], Use], what: str, tell: Callable[[str], None]) -> None:
        try:
            use = read()
        except StudioError as error:
            use = partial(tell, str(error))
        except Exception as error:  # noqa: BLE001 - the thread must outlive any one file
            _log.debug("reading %s failed", what, exc_info=True)
            reason = str(error) or type(error).__name__
            use = partial(tell, f"{what} could not be read ({reason}); try another file.")
        self._read.emit(use)

    def _on_read(self, use: Use) -> None:
        if not self._closed:
            use()
