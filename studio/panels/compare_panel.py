"""Compare: the head beside another one, by a wipe or by distances, and what is measured on both."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QPushButton

from studio.document.comparing import compare, set_comparison, with_other_take
from studio.document.comparison import Kind
from studio.document.document import Document
from studio.document.moment import why_no_other
from studio.flame.distances import Summary
from studio.flame.measures import Measured
from studio.panels.measure_group import MeasureGroup
from studio.panels.onion_group import OnionGroup
from studio.panels.panel import Panel, Push
from studio.widgets.form_row import FormRow
from studio.widgets.group import Group
from studio.widgets.scroll_panel import ScrollPanel
from studio.widgets.segmented import Segmented
from studio.widgets.slider_row import SliderRow
from studio.widgets.slider_scale import SliderScale
from studio.widgets.spin_boxes import SpinBox

_KINDS: tuple[Kind, ...] = ("off", "wipe", "distance")
_TAKE = "take"
_WIPE = SliderScale("Line", 0.0, 100.0, 50.0, 0, " %", hard_low=0.0, hard_high=100.0, tip="From the left")
_FARTHEST = SliderScale(
    "Scale end", 0.5, 20.0, 5.0, 1, " mm", hard_low=0.01, hard_high=1000.0, tip="Distance of the last colour"
)


class ComparePanel(Panel):
    """What B is, how it is seen, and measurements; told what was measured by its ``show`` methods."""

    shows = frozenset({"comparison", "takes", "active", "model", "look"})

    seen = Signal(bool)  # whether measurements are looked at
    copy_asked = Signal()  # of the measurements
    keep_asked = Signal()  # of the head as a take

    def __init__(self, document: Document, push: Push) -> None:
        super().__init__(document, push)
        self._summary: Summary | None = None

    def build(self) -> None:
        """Groups for comparing, distances, measurements and ghosts."""
        scroll = ScrollPanel()
        self._measures = MeasureGroup(self._document, self._push)
        self._measures.add_action("copy", self.copy_asked.emit, "Copy measurements as CSV")
        self._onion = OnionGroup(self._document, self._push)
        self._distances = self._distance_group()
        for group in (self._compare_group(), self._distances, self._measures, self._onion):
            scroll.add(group)
        self._layout.addWidget(scroll, 1)

    def _compare_group(self) -> Group:
        self._kind = Segmented(["Off", "Wipe", "Distance"])
        self._kind.chosen.connect(self._choose_kind)
        self._other = QComboBox()
        self._other.setToolTip("The head to compare with")
        self._other.activated.connect(self._choose)
        self._follows = QCheckBox("B follows the time of A")
        self._follows.clicked.connect(lambda checked: self._set("Time of B", follows=checked))
        self._frame = SpinBox()
        self._frame.setAccessibleName("Frame of B")
        self._frame.setToolTip("The frame of B that is shown")
        self._frame.valueChanged.connect(lambda frame: self._set("Frame of B", frame=float(frame)))
        self._frame_row = FormRow("Frame of B", self._frame)
        self._aligned = QCheckBox("Lay the skulls onto each other")
        self._aligned.setToolTip("Move B rigidly first, so that head turns and places do not count")
        self._aligned.clicked.connect(lambda checked: self._set("Lay skulls", aligned=checked))
        self._wipe = SliderRow(_WIPE)
        self._wipe.value_changed.connect(
            lambda value, gesture: self._set("Wipe", gesture, wipe=value / 100.0)
        )
        self._note = QLabel(wordWrap=True)
        self._note.setProperty("role", "secondary")
        self._keep = QPushButton("Keep as take B")
        self._keep.setToolTip("Keep this head as a take of its own, to compare with")
        self._keep.clicked.connect(self.keep_asked)
        group = Group("Compare")
        rows = (self._kind, FormRow("With", self._other), self._note, self._keep)
        for widget in (*rows, self._follows, self._frame_row, self._aligned, self._wipe):
            group.add(widget)
        return group

    def _distance_group(self) -> Group:
        self._way = Segmented(
            ["Vertices", "Along normals"],
            ("From each vertex to the same one of B", "With a sign: above 0 where B is outside"),
        )
        self._way.chosen.connect(lambda index: self._set("Distance", distance=("vertex", "normal")[index]))
        self._farthest = SliderRow(_FARTHEST)
        self._farthest.value_changed.connect(
            lambda value, gesture: self._set("Scale end", gesture, farthest=value)
        )
        self._told = QLabel(wordWrap=True)
        group = Group("Distance")
        self._fit = group.add_action("fit", self._fit_scale, "Fit the scale to the largest distance")
        for widget in (self._way, self._farthest, self._told):
            group.add(widget)
        return group

    def _choose_kind(self, index: int) -> None:
        document = self._document
        if index and why_no_other(with_other_take(document), document.takes, document.active):
            self._kind.set_current(0)  # the note below says what is missing
            return
        self._push(compare(document, _KINDS[index]))

    def _choose(self, index: int) -> None:
        chosen = self._other.itemData(index)
        changes = {"subject": _TAKE, "take": chosen} if isinstance(chosen, int) else {"subject": chosen}
        self._set(f"Compare with {self._other.itemText(index)}", **changes)

    def _fit_scale(self) -> None:
        if self._summary is not None and self._summary.largest > 0.0:
            self._set("Fit scale", farthest=max(round(self._summary.largest, 2), 0.01))

    def _set(self, name: str, gesture: int | None = None, **changes: object) -> None:
        self._push(set_comparison(self._document, name, gesture, **changes))

    def show_document(self, names: frozenset[str]) -> None:
        """Show the comparison, the heads that there are, and the ghosts' settings."""
        if names & {"takes", "active", "comparison", "model"}:
            self._show_comparison()
        self._measures.show_drawn()
        self._onion.show_onion()

    def _show_comparison(self) -> None:
        document = self._document
        comparison, takes = document.comparison, document.takes
        reason = why_no_other(comparison, takes, document.active)
        self._offer()
        self._kind.set_current(0 if reason else _KINDS.index(comparison.kind))
        self._note.setText(reason)
        self._note.setVisible(bool(reason))
        with_take = comparison.subject == _TAKE and not reason
        last = len(takes[comparison.take].clip) - 1 if with_take else 0
        self._follows.setVisible(last > 0)
        self._frame_row.setVisible(last > 0)
        self._follows.setChecked(comparison.follows)
        self._frame.setEnabled(not comparison.follows)
        with QSignalBlocker(self._frame):
            self._frame.setRange(0, last)
            self._frame.setValue(round(min(comparison.frame, last)))
        self._aligned.setChecked(comparison.aligned)
        self._wipe.set_value(round(100.0 * comparison.wipe, 1))
        self._wipe.setVisible(comparison.kind == "wipe" and not reason)
        self._distances.setVisible(comparison.kind == "distance" and not reason)
        self._way.set_current(int(comparison.distance == "normal"))
        self._farthest.set_value(round(comparison.farthest, 3))

    def _offer(self) -> None:
        document, comparison = self._document, self._document.comparison
        entries: list[tuple[str, object]] = [
            (take.name, index) for index, take in enumerate(document.takes) if index != document.active
        ]
        entries += [("This head, neutral", "neutral"), ("The mean head", "mean")]
        shown = [(self._other.itemText(i), self._other.itemData(i)) for i in range(self._other.count())]
        if shown != entries:
            self._other.clear()
            for title, data in entries:
                self._other.addItem(title, data)
        chosen = comparison.take if comparison.subject == _TAKE else comparison.subject
        self._other.setCurrentIndex(next((i for i, (_, data) in enumerate(entries) if data == chosen), -1))

    def show_measured(
        self,
        measured: Measured | None,
        neutral: Measured | None,
        beside: Measured | None,
    ) -> None:
        """Show measurements of the head shown, of it at rest and of B."""
        if self._built and self._seen:
            self._measures.show_measured(measured, neutral, beside)

    def show_summary(self, summary: Summary | None) -> None:
        """Show what the distances come to; None where none are computed."""
        self._summary = summary
        if not (self._built and self._seen):
            return
        self._fit.setEnabled(summary is not None)
        self._told.setText(
            ""
            if summary is None
            else f"Largest {summary.largest:.2f} mm, mean {summary.mean:.2f}, rms {summary.rms:.2f}, "
            f"95 % below {summary.most:.2f}."
        )

    def _on_seen(self, seen: bool) -> None:
        super()._on_seen(seen)
        self.seen.emit(seen)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Measure no longer for this panel."""
        super().hideEvent(event)
        self.seen.emit(False)
