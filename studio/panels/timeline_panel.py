"""Time: the player's controls over the timeline of the active take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QInputDialog, QWidget

from studio.document.commands import (
    play_between,
    play_from_here,
    play_to_here,
    set_playback,
    toggle_ping_pong,
    use_take,
)
from studio.document.document import Document
from studio.document.keying import set_length, toggle_auto_key
from studio.document.take import LONGEST_TAKE
from studio.panels.dope_sheet import DopeSheet
from studio.panels.key_desk import KeyDesk
from studio.panels.markers import Markers
from studio.panels.panel import Panel, Push
from studio.panels.sound_strip import SoundStrip
from studio.sequence.timecode import read_time, write_time
from studio.widgets.raised_button import raised_button
from studio.widgets.segmented import Segmented
from studio.widgets.time_ruler import TimeRuler
from studio.widgets.timeline import Timeline
from studio.widgets.transport import Transport

if TYPE_CHECKING:
    from studio.panels.curves_view import CurvesView

HINT = "Drop a clip here, or open an example from the File menu"
_VIEW_TIPS = (
    "Where the parts of the head move, and the keys over them",
    "The values of jaw, neck, head, eyes and expression over time",
)
_AUTO_KEY_TIP = "Auto-key: what is changed on the head sets keys at the time cursor"


class TimelinePanel(Panel):
    """Shows where the time cursor stands and moves it. Whoever runs the clock hears ``play_toggled``."""

    shows = frozenset({"model", "takes", "active", "playback", "position", "tools"})

    play_toggled = Signal()
    stepped = Signal(int)  # frames
    time_asked = Signal(int)  # the frame to go to

    def __init__(self, document: Document, push: Push) -> None:
        super().__init__(document, push)
        self.desk = KeyDesk(document, push)
        self.markers = Markers(document, push, self.window)
        self.sheet = DopeSheet(document, self.desk, self.markers)
        self._playing = False
        self._rate = 1.0
        self.sound = SoundStrip(document, push, self._ruler)
        self._keys: Mapping[str, str] = {}
        self._resume = False
        self._curves: CurvesView | None = None

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the controls and all lanes."""
        return QSize(900, 204)

    def build(self) -> None:
        """Controls above, timeline below."""
        self._transport = Transport()
        self._takes = QComboBox()
        self._takes.setAccessibleName("Take")
        self._takes.setToolTip("Take")
        self._takes.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._takes.activated.connect(lambda index: self._push(use_take(self._document, index)))
        self._views = Segmented(("Dope sheet", "Curves"), _VIEW_TIPS)
        self._views.set_current(0)
        self._timeline = Timeline()
        self.sheet.attach(self._timeline, HINT)
        self._auto_key = raised_button("record", "Auto-key")
        self._auto_key.setCheckable(True)
        self._auto_key.clicked.connect(lambda: toggle_auto_key(self._document, self._push))
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self._transport, 1)
        row.addWidget(self._auto_key)
        row.addWidget(self._takes)
        row.addWidget(self._views)
        self._layout.addWidget(bar)
        self._layout.addWidget(self._timeline, 1)
        self._layout.addWidget(self.sound)
        self.sound.follow(self._timeline)
        self._connect_scrubbing(self.sound)
        self._show_keys()
        self._transport.set_playing(self._playing)
        self._connect()

    def _connect(self) -> None:
        transport, timeline = self._transport, self._timeline
        transport.play_toggled.connect(self.play_toggled)
        transport.stepped.connect(self.stepped)
        transport.ends_asked.connect(self._go_to_end)
        transport.mark_asked.connect(self._mark)
        transport.key_asked.connect(self.sheet.set_key)
        transport.keys_asked.connect(self.sheet.go_to_key)
        transport.time_asked.connect(self.time_asked)
        transport.unit_asked.connect(
            lambda unit: self._document.set(tools=self._document.tools.replace(time=unit))
        )
        transport.ping_pong_asked.connect(lambda: self._push(toggle_ping_pong(self._document)))
        transport.loop_changed.connect(lambda loop: self._set_playback("Loop", loop=loop))
        transport.speed_changed.connect(lambda speed: self._set_playback("Speed", speed=speed))
        timeline.range_changed.connect(self._set_range)
        self._connect_scrubbing(timeline)
        self._views.chosen.connect(self._show_view)

    def _connect_scrubbing(self, view: Timeline | CurvesView | SoundStrip) -> None:
        view.scrubbed.connect(lambda frame: self._document.set(position=frame))
        view.scrub_started.connect(self._on_scrub_started)
        view.scrub_finished.connect(self._on_scrub_finished)

    def _show_view(self, index: int) -> None:
        if index and self._curves is None:
            from studio.panels.curves_view import CurvesView  # brings pyqtgraph: not at start

            self._curves = CurvesView(HINT, self.desk)
            self._layout.insertWidget(self._layout.indexOf(self.sound), self._curves, 1)
            self.sound.follow(self._curves.plot.viewport())
            self._connect_scrubbing(self._curves)
        self._timeline.setVisible(not index)
        if self._curves is not None:
            self._curves.setVisible(bool(index))
        self._show_curves()
        self.sound.update()

    def _ruler(self) -> TimeRuler:
        """Where frames lie in the view that is seen."""
        if self._curves is None or self._curves.isHidden():
            return self._timeline.ruler
        plot = self._curves.plot
        begin, end = plot.frames_seen
        left, right = (plot.x_of(frame) + plot.mapTo(self, QPoint(0, 0)).x() for frame in (begin, end))
        return TimeRuler(len(self._document.take), left, max(right, left + 1.0), begin, end)

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Tell which keys do what the player's buttons do, by the buttons' icons."""
        self._keys = keys
        if self._built:
            self._show_keys()

    def _show_keys(self) -> None:
        self._transport.set_keys(self._keys)
        keys = self._keys.get("record", "")
        self._auto_key.setToolTip(_AUTO_KEY_TIP + (f" ({keys})" if keys else ""))

    def ask_length(self) -> None:
        """Ask how long the take is to be."""
        document, take = self._document, self._document.take
        unit = document.tools.time
        now = write_time(len(take), take.fps, unit)
        least = write_time(len(take.clip), take.fps, unit)
        question = f"How long the take is, in {unit}; its clip has {least}"
        text, agreed = QInputDialog.getText(self.window(), "Take length", question, text=now)
        frames = read_time(text, 0.0, take.fps, unit) if agreed else None
        if frames:
            self._push(set_length(document, min(frames, LONGEST_TAKE)))

    def set_playing(self, playing: bool) -> None:
        """Show whether time runs."""
        self._playing = playing
        if self._built:
            self._transport.set_playing(playing)

    def set_rate(self, rate: float) -> None:
        """Show how fast time runs, times the speed chosen."""
        self._rate = rate
        if self._built:
            self._show_time()

    def _on_scrub_started(self) -> None:
        self._resume = self._playing
        if self._playing:
            self.play_toggled.emit()

    def _on_scrub_finished(self) -> None:
        if self._resume and not self._playing:
            self.play_toggled.emit()
        self._resume = False

    def _go_to_end(self, end: int) -> None:
        first, last = self._document.play_range
        self._document.set(position=float(first if end < 0 else last))

    def _mark(self, end: int) -> None:
        self._push((play_from_here if end < 0 else play_to_here)(self._document))

    def _set_range(self, first: int, last: int, gesture: int | None) -> None:
        self._push(play_between(self._document, "Frames played", first, last, gesture))

    def _set_playback(self, name: str, **changes: object) -> None:
        self._push(set_playback(self._document, name, self._document.playback.replace(**changes)))

    def show_document(self, names: frozenset[str]) -> None:
        """Show take, playback and position; while playing, only the position."""
        if names - {"position", "tools"}:
            self._show_take()
        if "tools" in names:
            self.sheet.show()
        self._timeline.set_position(self._document.position)
        if self._curves is not None and self._curves.isVisibleTo(self):
            self._curves.set_position(self._document.position)
        self._show_time()
        self._auto_key.setChecked(self._document.tools.auto_key)

    def _show_time(self) -> None:
        document, take = self._document, self._document.take
        self._transport.set_time(document.position, len(take) - 1, take.fps, document.tools.time, self._rate)

    def _show_take(self) -> None:
        names = [take.name for take in self._document.takes]
        if names != [self._takes.itemText(index) for index in range(self._takes.count())]:
            self._takes.clear()
            self._takes.addItems(names)
        self._takes.setVisible(len(names) > 1)
        self._takes.setCurrentIndex(self._document.active)
        self.sheet.show()
        self._transport.set_has_keys(bool(self.desk.keys))
        self._transport.set_can_play(len(self._document.take) > 1)
        self._timeline.set_range(*self._document.play_range)
        playback = self._document.playback
        self._transport.set_loop(playback.loop, playback.ping_pong)
        self._transport.set_speed(playback.speed)
        self._show_curves()

    def _show_curves(self) -> None:
        if self._curves is None or not self._curves.isVisibleTo(self):
            return
        document = self._document
        self._curves.set_take(document.take, document.model)
        self._curves.set_range(*document.play_range)
        self._curves.set_position(document.position)
