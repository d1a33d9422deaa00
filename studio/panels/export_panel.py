"""Export: pictures, films, turntables, meshes and parameters of what is on the screen, and their queue."""

from __future__ import annotations

from PySide6.QtCore import Signal

from studio.export.animation_options import AnimationOptions
from studio.export.options import MESH_FORMATS, FilmOptions, PictureOptions, TurntableOptions
from studio.export.queued import Queued
from studio.panels.export_animations import AnimationBox
from studio.panels.export_films import FilmBox, TurntableBox
from studio.panels.export_meshes import MeshBox
from studio.panels.export_parameters import ParametersBox
from studio.panels.export_pictures import PictureBox
from studio.panels.panel import Panel
from studio.panels.queue_box import QueueBox
from studio.theme import scaled
from studio.widgets.scroll_panel import ScrollPanel

_QUEUE_MARGIN = 20  # pixels above and below
_SHARES = (3, 2)  # of the height: what can be exported, and the queue at most
_QUEUE_HEIGHT = 240  # pixels at most, at the usual size of text


class ExportPanel(Panel):
    """Options, and buttons that ask for an export; files are chosen and jobs run elsewhere."""

    shows = frozenset({"takes", "active", "playback", "sound"})

    picture_asked = Signal(object)  # PictureOptions
    copy_asked = Signal(object)  # PictureOptions
    turntable_asked = Signal(object)  # TurntableOptions
    film_asked = Signal(object)  # FilmOptions
    animation_asked = Signal(object)  # AnimationOptions
    mesh_asked = Signal(str)  # one of MESH_FORMATS
    parameters_asked = Signal(str)  # of this frame, in a layout of studio.sequence.writers
    clip_asked = Signal(str)  # of the take
    queue_asked = Signal(str, int)  # what is to be done with an export of the queue, and its number
    clear_asked = Signal()

    _entries: tuple[Queued, ...] = ()

    def build(self) -> None:
        """One box for each kind of file, and the queue below them."""
        self._pictures, self._films = PictureBox(), FilmBox()
        self._turntables = TurntableBox(self._films)
        self._animations, self._meshes, self._parameters = AnimationBox(), MeshBox(), ParametersBox()
        scroll = ScrollPanel()
        drawn, numbers = (self._pictures, self._films, self._turntables), (self._meshes, self._parameters)
        for group in (*drawn, self._animations, *numbers):
            scroll.add(group)
        self._pictures.save_asked.connect(self.picture_asked)
        self._pictures.copy_asked.connect(self.copy_asked)
        self._films.save_asked.connect(self.film_asked)
        self._turntables.save_asked.connect(self.turntable_asked)
        self._animations.save_asked.connect(self.animation_asked)
        self._meshes.save_asked.connect(self.mesh_asked)
        self._parameters.save_asked.connect(self.parameters_asked)
        self._parameters.clip_asked.connect(self.clip_asked)
        self._queue = QueueBox()
        self._queue.asked.connect(self.queue_asked)
        self._queue.clear_asked.connect(self.clear_asked)
        self._foot = ScrollPanel()
        self._foot.setObjectName("footer")
        self._foot.add(self._queue)
        self._layout.addWidget(scroll, _SHARES[0])
        self._layout.addWidget(self._foot, _SHARES[1])

    @property
    def picture_options(self) -> PictureOptions:
        """What is chosen for a picture."""
        return self._pictures.options if self._built else PictureOptions()

    @property
    def animation_options(self) -> AnimationOptions:
        """What is chosen for moving meshes."""
        return self._animations.options if self._built else AnimationOptions()

    @property
    def mesh_format(self) -> str:
        """What is chosen for a mesh."""
        return self._meshes.format if self._built else MESH_FORMATS[0]

    @property
    def turntable_options(self) -> TurntableOptions:
        """What is chosen for a turntable."""
        return self._turntables.options if self._built else TurntableOptions()

    @property
    def film_options(self) -> FilmOptions:
        """What is chosen for a film."""
        return self._films.options if self._built else FilmOptions()

    def show_queue(self, entries: tuple[Queued, ...]) -> None:
        """Show the exports that wait, run or have ended."""
        self._entries = entries
        if self._built:
            self._queue.show_entries(entries)
            needed = self._queue.sizeHint().height() + _QUEUE_MARGIN
            self._foot.setMaximumHeight(min(needed, scaled(_QUEUE_HEIGHT)))
            self._foot.setVisible(bool(entries))

    def show_document(self, _names: frozenset[str]) -> None:
        """Offer what the take and the document's sound allow."""
        self._films.show_document(self._document)
        self._turntables.show_document(self._document)
        self._animations.show_document(self._document)
        self.show_queue(self._entries)
