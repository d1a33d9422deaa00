"""The document's sound on its lane under the timeline, with a menu of what can be done to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget, QWidgetAction

from studio.document.document import Document
from studio.document.sound_commands import set_sound, toggle_mute
from studio.panels.panel import Panel, Push
from studio.theme import scaled
from studio.widgets.slider_row import SliderRow
from studio.widgets.slider_scale import SliderScale
from studio.widgets.sound_lane import ShownSound, SoundLane
from studio.widgets.time_ruler import TimeRuler
from studio.widgets.waveform import Wave

_FARTHEST = 4 * 3600.0  # seconds, typed
_OFFSET = SliderScale(
    "Offset",
    -5.0,
    5.0,
    0.0,
    3,
    "s",
    hard_low=-_FARTHEST,
    hard_high=_FARTHEST,
    tip="From the first frame to the sound's beginning",
)
_VOLUME = SliderScale("Volume", 0.0, 200.0, 100.0, 0, "%")


class SoundStrip(Panel):
    """The lane of the sound over the frames of ``ruler``; it takes no room while there is no sound."""

    shows = frozenset({"sound", "takes", "active", "playback", "position"})

    scrub_started = Signal()
    scrubbed = Signal(float)
    scrub_finished = Signal()

    def __init__(self, document: Document, push: Push, ruler: Callable[[], TimeRuler]) -> None:
        super().__init__(document, push)
        self._ruler = ruler
        self._followed: list[QWidget] = []
        self._actions: Sequence[QAction] = ()
        self._wave: Wave | None = None
        self._problem = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The lane's height, or none."""
        return QSize(900, self._lane.height() if self._document.sound and self._built else 0)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As :meth:`sizeHint`."""
        return QSize(0, self.sizeHint().height())

    def build(self) -> None:
        """The lane, and its menu."""
        self._lane = SoundLane(self._ruler)
        for view in self._followed:
            self._lane.follow(view)
        self._lane.scrub_started.connect(self.scrub_started)
        self._lane.scrubbed.connect(self.scrubbed)
        self._lane.scrub_finished.connect(self.scrub_finished)
        self._lane.offset_changed.connect(self._set_offset)
        self._lane.mute_asked.connect(lambda: self._push(toggle_mute(self._document)))
        self._offset, self._volume = SliderRow(_OFFSET), SliderRow(_VOLUME)
        self._offset.value_changed.connect(self._set_offset)
        self._volume.value_changed.connect(self._set_volume)
        self._lane.addAction(self._sliders())
        self._lane.addActions(self._actions)
        self._layout.addWidget(self._lane)

    def follow(self, view: QWidget) -> None:
        """Draw anew where ``view``, whose ruler it may be, shows another part of time."""
        self._followed.append(view)
        if self._built:
            self._lane.follow(view)

    def offer(self, actions: Sequence[QAction]) -> None:
        """Have ``actions`` in the lane's menu, under the sliders."""
        self._actions = actions
        if self._built:
            self._lane.addActions(actions)

    def show_wave(self, wave: Wave | None, problem: str = "") -> None:
        """Draw ``wave``, or tell the ``problem`` why there is none."""
        self._wave, self._problem = wave, problem
        if self._built:
            self._show_sound()

    def show_document(self, names: frozenset[str]) -> None:
        """Show the document's sound; while playing, only the position."""
        if names - {"position"}:
            self._show_sound()
        self._lane.set_position(self._document.position)

    def _show_sound(self) -> None:
        track = self._document.sound
        if self._lane.isHidden() == bool(track):
            self._lane.setVisible(bool(track))
            self.updateGeometry()
        if not track:
            return
        told = "" if self._wave else self._problem or f"Reading {track.media.name}…"
        shown = ShownSound(track.media.name, track.offset, track.volume, track.muted, self._wave, told)
        self._lane.set_sound(shown, self._document.take.fps)
        self._lane.set_range(*self._document.play_range)
        self._offset.set_value(track.offset)
        self._volume.set_value(100.0 * track.volume)

    def _sliders(self) -> QWidgetAction:
        """Offset and volume, as an entry of the menu."""
        box = QWidget()
        box.setMinimumWidth(scaled(280))
        rows = QVBoxLayout(box)
        rows.setContentsMargins(10, 6, 10, 6)
        rows.setSpacing(2)
        rows.addWidget(self._offset)
        rows.addWidget(self._volume)
        entry = QWidgetAction(self._lane)
        entry.setDefaultWidget(box)
        return entry

    def _set_offset(self, seconds: float, gesture: int | None) -> None:
        self._push(set_sound(self._document, "Sound offset", gesture, offset=seconds))

    def _set_volume(self, per_cent: float, gesture: int | None) -> None:
        self._push(set_sound(self._document, "Volume", gesture, volume=per_cent / 100.0))
