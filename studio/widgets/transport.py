"""The player's controls: go to the ends, step, play, loop, speed, time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLayout, QToolButton, QWidget

from studio.sequence.timecode import TimeUnit
from studio.theme import icon
from studio.widgets.raised_button import raised_button
from studio.widgets.time_readout import TimeReadout

SPEEDS = (0.1, 0.25, 0.5, 1.0, 1.5, 2.0)


def _speed_text(speed: float) -> str:
    return f"{speed:g}\N{MULTIPLICATION SIGN}"


class Transport(QWidget):
    """Buttons and the time readout. It shows what it is told and asks for changes."""

    play_toggled = Signal()
    stepped = Signal(int)  # frames
    ends_asked = Signal(int)  # -1: first frame, 1: last frame
    keys_asked = Signal(int)  # -1: previous key, 1: next key
    key_asked = Signal()  # to be set here
    mark_asked = Signal(int)  # -1: first frame played, 1: last frame played
    loop_changed = Signal(bool)
    ping_pong_asked = Signal()
    time_asked = Signal(int)  # the frame that was typed
    unit_asked = Signal(str)  # in which time is to be told: seconds, frames or timecode
    speed_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: Mapping[str, str] = {}
        self._icons: dict[QToolButton, str] = {}
        self._first = self._button("first", "First frame", lambda: self.ends_asked.emit(-1))
        self._back = self._button("step-back", "Previous frame", lambda: self.stepped.emit(-1))
        self._play = self._button("play", "Play", self.play_toggled.emit)
        self._play.setProperty("role", "primary")
        self._forward = self._button("step-forward", "Next frame", lambda: self.stepped.emit(1))
        self._last = self._button("last", "Last frame", lambda: self.ends_asked.emit(1))
        self._time = TimeReadout()
        self._time.asked.connect(self.time_asked)
        self._time.unit_asked.connect(self.unit_asked)
        self._key = self._button("key", "Set key", self.key_asked.emit)
        self._key_back = self._button("key-previous", "Previous key", lambda: self.keys_asked.emit(-1))
        self._key_forward = self._button("key-next", "Next key", lambda: self.keys_asked.emit(1))
        self._in = self._button("in-point", "Start playing here", lambda: self.mark_asked.emit(-1))
        self._out = self._button("out-point", "Stop playing here", lambda: self.mark_asked.emit(1))
        self._loop = self._button("loop", "Loop", self._on_loop)
        self._loop.setCheckable(True)
        self._turns = self._button("ping-pong", "Ping-pong", self.ping_pong_asked.emit)
        self._turns.setCheckable(True)
        self._speed = self._speed_box()
        self._playing = False
        self._lay_out()
        self.set_playing(False)
        self.set_time(0.0, 0.0, 25.0, "seconds")

    def _button(self, name: str, tip: str, run: Callable[[], object]) -> QToolButton:
        button = raised_button(name, tip)
        button.clicked.connect(lambda: run())
        self._icons[button] = name
        return button

    def _speed_box(self) -> QComboBox:
        box = QComboBox()
        for speed in SPEEDS:
            box.addItem(_speed_text(speed), speed)
        box.setToolTip("Speed")
        box.setAccessibleName("Speed")
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        box.activated.connect(lambda index: self.speed_changed.emit(float(box.itemData(index))))
        return box

    def _lay_out(self) -> None:
        layout = self._row = QHBoxLayout(self)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # what does not fit is left out
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for button in (self._first, self._back, self._play, self._forward, self._last):
            layout.addWidget(button)
        layout.addSpacing(12)
        layout.addWidget(self._time)
        layout.addStretch(1)
        for button in (self._key_back, self._key, self._key_forward):
            layout.addWidget(button)
        layout.addSpacing(6)
        for widget in (self._in, self._out, self._loop, self._turns, self._speed):
            layout.addWidget(widget)

    def _fit(self) -> None:
        """Leave out what does not fit, the least needed first; all of it is in the menu, too."""
        left_out = (
            (self._key_back, self._key_forward),
            (self._turns,),
            (self._first, self._last),
            (self._in, self._out),
            (self._speed,),
            (self._key,),
        )
        hidden = [widget for group in left_out for widget in group if widget.isHidden()]
        wanted = self._row.sizeHint().width() + self._width_of(hidden)
        for group in left_out:
            fits = wanted <= self.width()
            wanted -= 0 if fits else self._width_of(group)
            for widget in group:
                widget.setVisible(fits)

    def _width_of(self, widgets: Iterable[QWidget]) -> int:
        return sum(widget.sizeHint().width() + self._row.spacing() for widget in widgets)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show what fits."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for play, the steps, loop and the time."""
        shown = (self._back, self._play, self._forward, self._loop)
        width = sum(button.sizeHint().width() + 6 for button in shown)
        return QSize(width + self._time.minimumSizeHint().width() + 12, super().minimumSizeHint().height())

    def _on_loop(self) -> None:
        self.loop_changed.emit(self._loop.isChecked())

    @property
    def readout(self) -> str:
        """The time readout as one line."""
        return self._time.text

    def set_playing(self, playing: bool) -> None:
        """Show whether time runs."""
        self._playing = playing
        self._play.setIcon(icon("pause" if playing else "play", "on_accent"))
        self._play.setAccessibleName("Pause" if playing else "Play")
        self._show_keys(self._play)

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Tell in the hints which keys do the same; ``keys`` by the buttons' icons."""
        self._keys = keys
        for button in self._icons:
            self._show_keys(button)

    def _show_keys(self, button: QToolButton) -> None:
        keys = self._keys.get(self._icons[button], "")
        button.setToolTip(f"{button.accessibleName()} ({keys})" if keys else button.accessibleName())

    def set_can_play(self, can_play: bool) -> None:
        """Offer the controls only where there is something to play."""
        buttons = (self._first, self._back, self._play, self._forward, self._last, self._in, self._out)
        for button in buttons:
            button.setEnabled(can_play)

    def set_has_keys(self, has_keys: bool) -> None:
        """Offer to go from key to key only where there is one."""
        self._key_back.setEnabled(has_keys)
        self._key_forward.setEnabled(has_keys)

    def set_loop(self, loop: bool, ping_pong: bool = False) -> None:
        """Show whether playing starts over at the end, and whether it turns there."""
        self._loop.setChecked(loop)
        self._turns.setChecked(loop and ping_pong)

    def set_speed(self, speed: float) -> None:
        """Show the speed; one that is not in the list is added to it."""
        index = self._speed.findData(speed)
        if index < 0:
            self._speed.addItem(_speed_text(speed), speed)
            index = self._speed.count() - 1
        self._speed.setCurrentIndex(index)

    def set_time(self, frame: float, last: float, fps: float, unit: TimeUnit, rate: float = 1.0) -> None:
        """Show the frame at the cursor, the last one and the rates of clip and playing, in ``unit``."""
        before = len(self._time.text)
        self._time.set_time(frame, last, fps, unit, rate)
        if len(self._time.text) != before:
            self._fit()
