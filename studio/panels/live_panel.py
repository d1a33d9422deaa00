"""Live: where a performance comes from, how it goes, what of it the head follows, and recording it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from studio.document.document import Document
from studio.live.settings import GAINS, MOST_GAIN, LiveSettings
from studio.live.telling import LiveState
from studio.panels.bars import footer, icon_button, side_by_side
from studio.panels.live_source import SourceGroup
from studio.panels.panel import Panel, Push
from studio.theme import icon
from studio.widgets.group import Group
from studio.widgets.scroll_panel import ScrollPanel
from studio.widgets.slider_row import SliderRow
from studio.widgets.slider_scale import SliderScale

_SMOOTHING = SliderScale(
    "Smoothing",
    0.0,
    100.0,
    100.0 * LiveSettings().smoothing,
    0,
    " %",
    hard_low=0.0,
    hard_high=100.0,
    tip="Steadier at rest; quick movements stay quick",
)
_FOLLOWED = (  # setting, title, what it does
    ("units", "Face", "Brows, lids, cheeks, jaw and mouth follow"),
    ("head", "Head", "The turn of the head follows"),
    ("gaze", "Gaze", "The eyes follow"),
)
_GAIN_TIPS = {
    "Turn": "How far the head turns; below 0 the other way",
    "Nod": "How far the head nods; below 0 the other way",
    "Tilt": "How far the head tilts; below 0 the other way",
}


def _gain_scale(name: str) -> SliderScale:
    most = 100.0 * MOST_GAIN
    tip = _GAIN_TIPS.get(name, "How strongly the head follows here")
    return SliderScale(name, 0.0, 200.0, 100.0, 0, " %", hard_low=-most, hard_high=most, tip=tip)


class LivePanel(Panel):
    """Shows settings and state that it is told by ``show`` methods, and asks for all that it does."""

    built = Signal()  # it is seen for the first time
    settings_changed = Signal(object)  # LiveSettings
    subject_chosen = Signal(str)  # empty: whoever sends first
    film_asked = Signal()
    toggled = Signal()  # start, or stop
    calibration_asked = Signal()
    neutral_dropped = Signal()
    record_toggled = Signal()

    def __init__(self, document: Document, push: Push) -> None:
        super().__init__(document, push)
        self._settings = LiveSettings()
        self._state: LiveState | None = None

    def build(self) -> None:
        """Groups for the source, for what follows and for strengths; the buttons stay in view below."""
        scroll = ScrollPanel()
        self._source = SourceGroup()
        self._source.changed.connect(self._set)
        self._source.subject_chosen.connect(self.subject_chosen)
        self._source.film_asked.connect(self.film_asked)
        for group in (self._source, self._following(), self._strengths()):
            scroll.add(group)
        self._layout.addWidget(scroll, 1)
        self._layout.addWidget(self._foot())
        self.built.emit()

    def _foot(self) -> QWidget:
        self._told, self._dropped = _line(""), _line("secondary")
        self._start = icon_button("Start", "play", self.toggled.emit, "Let the head follow, or stop")
        self._record = icon_button(
            "Record", "record", self.record_toggled.emit, "Keep what the head does live as a new take"
        )
        self._neutral = icon_button(
            "Calibrate neutral",
            "head",
            self.calibration_asked.emit,
            "Take the face of the next second for neutral; keep it at rest",
        )
        self._forget = icon_button(
            "Forget neutral", "reset", self.neutral_dropped.emit, "Take faces as they come"
        )
        rows = (side_by_side(self._start, self._record), side_by_side(self._neutral, self._forget))
        return footer(self._told, self._dropped, *rows)

    def _following(self) -> Group:
        group = Group("What follows")
        self._checks: dict[str, QCheckBox] = {}
        for name, title, tip in (*_FOLLOWED, ("mirrored", "As in a mirror", "Your left moves its right")):
            check = QCheckBox(title)
            check.setToolTip(tip)
            check.clicked.connect(lambda checked, n=name: self._set({n: checked}))
            self._checks[name] = check
        group.add(side_by_side(*(self._checks[name] for name, _, _ in _FOLLOWED)))
        group.add(self._checks["mirrored"])
        self._smoothing = SliderRow(_SMOOTHING)
        self._smoothing.value_changed.connect(lambda value, _: self._set({"smoothing": value / 100.0}))
        group.add(self._smoothing)
        return group

    def _strengths(self) -> Group:
        group = Group("Strength")
        self._gains: dict[str, SliderRow] = {}
        for name in GAINS:
            row = SliderRow(_gain_scale(name))
            row.value_changed.connect(lambda value, _, n=name: self._set_gain(n, value / 100.0))
            self._gains[name] = row
            group.add(row)
        return group

    def _set_gain(self, name: str, value: float) -> None:
        self._set({"gains": {**self._settings.gains, name: value}})

    def _set(self, changes: dict[str, Any]) -> None:
        self.show_settings(self._settings.replace(**changes))
        self.settings_changed.emit(self._settings)

    def show_settings(self, settings: LiveSettings) -> None:
        """Show how the head is driven."""
        self._settings = settings
        if not self._built:
            return
        self._source.show_settings(settings)
        for name, check in self._checks.items():
            with QSignalBlocker(check):
                check.setChecked(bool(getattr(settings, name)))
        self._smoothing.set_value(round(100.0 * settings.smoothing, 1))
        for name, row in self._gains.items():
            row.set_value(round(100.0 * settings.gains[name], 1))

    def show_state(self, state: LiveState) -> None:
        """Show how it goes; what is shown already is not drawn anew."""
        before, self._state = self._state, state
        if not self._built or state == before:
            return
        self._told.setText(state.told)
        self._dropped.setText(state.dropped)
        self._dropped.setVisible(bool(state.dropped))
        self._source.show_subjects(state.subjects)
        if before is None or before.running != state.running:
            self._source.set_running(state.running)
            self._start.setText("Stop" if state.running else "Start")
            self._start.setIcon(icon("pause" if state.running else "play"))
        self._record.setText("Record" if state.recorded is None else f"Keep take, {state.recorded:.0f} s")
        self._neutral.setEnabled(state.running and state.calibrating is None)
        done = state.calibrating
        self._neutral.setText("Calibrate neutral" if done is None else f"Hold, {100.0 * done:.0f} %")
        self._forget.setEnabled(state.calibrated)

    def show_document(self, _names: frozenset[str]) -> None:
        """Show what there is; the document has no part in it."""
        self.show_settings(self._settings)
        state, self._state = self._state or LiveState(), None
        self.show_state(state)


def _line(role: str) -> QLabel:
    label = QLabel(wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)  # names come from whoever sends
    label.setProperty("role", role)
    return label
