"""Fit to scan: landmarks picked on the scan one after another, the fit, and what it misses in millimetres."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.fitting.scans.result import ScanFit
from studio.fitting.scans.scan import ENOUGH, FEWEST, GUIDE, Picks, Scan
from studio.flame.landmark_names import IBUG
from studio.panels.scan_view import ScanView
from studio.theme import icon, scaled
from studio.widgets.group import text_button
from studio.widgets.segmented import Segmented
from studio.widgets.slider_row import SliderRow
from studio.widgets.slider_scale import SliderScale

Array = NDArray[np.float64]

_SHOWN = ("scan", "both", "distances")
_OPACITY = SliderScale(
    "Head", 0.0, 100.0, 50.0, 0, " %", hard_low=0.0, hard_high=100.0, tip="How much the head covers the scan"
)
_FARTHEST = SliderScale(
    "Scale end", 0.5, 20.0, 3.0, 1, " mm", hard_low=0.1, hard_high=100.0, tip="Distance of the last colour"
)
_HOW = (
    "Drag turns the scan, Shift rolls it, the right button moves it, the wheel zooms. Right is the person's."
)
_ALL = "All landmarks are picked; click on one in the list to place it anew."
_CORRESPONDS = "It has the vertices of the head model: it can be fitted without landmarks."


class ScanDialog(QDialog):
    """Gathers landmarks on a scan; fitting is asked for and told by who opens it."""

    fit_asked = Signal(object, bool)  # Picks, whether with an offset
    cancel_asked = Signal()
    use_asked = Signal(bool)  # of the fitted head; whether the scan's surface becomes a take to compare with
    load_asked = Signal()
    save_asked = Signal(object)  # Picks

    def __init__(
        self, scan: Scan, shown: Scan, corresponds: bool = False, parent: QWidget | None = None
    ) -> None:
        """Show ``shown``, the drawable form of ``scan``; it may have the model's vertices."""
        super().__init__(parent)
        self.setWindowTitle(f"Fit to {scan.name}")
        self._places: dict[int, Array] = {}
        self._past: list[dict[int, Array]] = []
        self._corresponds, self._busy = corresponds, False
        self._fit: ScanFit | None = None
        self._faces = np.zeros((0, 3), np.int32)
        self._view = ScanView()
        self._view.set_scan(shown)
        self._view.picked.connect(self._take)
        column = QVBoxLayout()
        column.setSpacing(10)
        for widget in (*self._picking(), *self._fitting(), *self._result()):
            column.addWidget(widget)
        side = QWidget()
        side.setFixedWidth(scaled(300))
        side.setLayout(column)
        row = QHBoxLayout(self)
        row.addWidget(self._view, 1)
        row.addWidget(side)
        self.resize(scaled(1040), scaled(720))
        self._show_picks()
        self.tell(" ".join(scan.notices))

    @property
    def picks(self) -> Picks:
        """What is picked."""
        order = sorted(self._places)
        points = np.array([self._places[index] for index in order]).reshape(-1, 3)
        return Picks(np.array(order, np.intp), points)

    @property
    def view(self) -> ScanView:
        """The scan."""
        return self._view

    def set_picks(self, picks: Picks) -> None:
        """Take ``picks`` in place of what is picked."""
        self._remember()
        self._places = dict(zip(picks.indices.tolist(), picks.points, strict=True))
        self._show_picks()

    def tell(self, text: str) -> None:
        """Say ``text`` below the buttons."""
        self._told.setText(text)
        self._told.setVisible(bool(text))

    def show_busy(self, busy: bool) -> None:
        """Whether a fit is under way."""
        self._busy = busy
        self._bar.setVisible(busy)
        self._bar.setValue(0)
        self._go.setText("Cancel" if busy else "Fit")
        self._allow()

    def show_progress(self, done: int, total: int, what: str) -> None:
        """How far the fit is."""
        self._bar.setMaximum(total)
        self._bar.setValue(done)
        self.tell(what)

    def show_head(self, vertices: Array, faces: NDArray[np.int32]) -> None:
        """The head under way, in the scan's unit and axes."""
        self._faces = faces
        if self._ways.current == 0:
            self._ways.set_current(1)
            self._show_way()
        self._view.set_head(vertices, faces)

    def show_fit(self, fit: ScanFit, vertices: Array, faces: NDArray[np.int32], told: str) -> None:
        """What the fit came to; ``vertices`` are in the scan's unit and axes."""
        self._fit = fit
        self._view.set_distances(fit.distances.vertices)
        self._view.set_head(vertices, faces)
        self._ways.set_current(2)
        self._show_way()
        self.tell(told)
        self._allow()

    def _picking(self) -> tuple[QWidget, ...]:
        self._asks = QLabel(wordWrap=True)
        self._asks.setProperty("role", "title")
        how = QLabel(_HOW, wordWrap=True)
        how.setProperty("role", "secondary")
        self._list = QListWidget()
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._list.setAccessibleName("Landmarks")
        for index in GUIDE:
            item = QListWidgetItem(IBUG[index].name)
            item.setData(Qt.ItemDataRole.UserRole, index)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._list.currentRowChanged.connect(lambda _: self._show_marks())
        self._undo = text_button("Undo", self._undo_pick, "Take the last pick back")
        self._remove = text_button("Remove", self._remove_pick, "Forget the chosen landmark")
        self._load = text_button("Load…", self.load_asked.emit, "Landmarks out of a file")
        self._save = text_button("Save…", lambda: self.save_asked.emit(self.picks), "Landmarks into a file")
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for button in (self._undo, self._remove, self._load, self._save):
            row.addWidget(button)
        return self._asks, how, self._list, buttons

    def _fitting(self) -> tuple[QWidget, ...]:
        self._offset = QCheckBox("Smooth offset at the end")
        self._offset.setToolTip("Move every vertex to the scan where the model's components cannot go")
        self._go = QPushButton("Fit")
        self._go.clicked.connect(self._ask_fit)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(4)
        self._bar.hide()
        self._told = QLabel(wordWrap=True)
        return self._offset, self._go, self._bar, self._told

    def _result(self) -> tuple[QWidget, ...]:
        self._ways = Segmented(["Scan", "Both", "Distances"])
        self._ways.set_current(0)
        self._ways.chosen.connect(lambda _: self._show_way())
        self._opacity, self._farthest = SliderRow(_OPACITY), SliderRow(_FARTHEST)
        for slider in (self._opacity, self._farthest):
            slider.set_value(slider.scale.neutral)
            slider.value_changed.connect(lambda *_: self._show_way())
        self._beside = QCheckBox("Keep the scan's surface as a take")
        self._beside.setToolTip("As B of the Compare panel, whose colours tell the distances in millimetres")
        self._use = QPushButton("Use this head")
        self._use.clicked.connect(lambda: self.use_asked.emit(self._beside.isChecked()))
        return self._ways, self._opacity, self._farthest, self._beside, self._use

    def _current_index(self) -> int:
        item = self._list.currentItem()
        return -1 if item is None else int(item.data(Qt.ItemDataRole.UserRole))

    def _take(self, place: Array) -> None:
        """Put the chosen landmark where the user clicked, and ask for the next one that is missing."""
        index = self._current_index()
        if index < 0 or self._busy:
            return
        self._remember()
        self._places[index] = place
        missing = [row for row, number in enumerate(GUIDE) if number not in self._places]
        if missing:
            self._list.setCurrentRow(missing[0])
        self._show_picks()

    def _remember(self) -> None:
        self._past.append(dict(self._places))

    def _undo_pick(self) -> None:
        if self._past:
            before, self._places = self._places, self._past.pop()
            changed = [row for row, index in enumerate(GUIDE) if (index in before) != (index in self._places)]
            if changed:
                self._list.setCurrentRow(changed[0])
            self._show_picks()

    def _remove_pick(self) -> None:
        if self._current_index() in self._places:
            self._remember()
            del self._places[self._current_index()]
            self._show_picks()

    def _show_picks(self) -> None:
        for row, index in enumerate(GUIDE):
            item = self._list.item(row)
            item.setIcon(icon("check" if index in self._places else "marker"))
        self._show_marks()
        self._allow()

    def _show_marks(self) -> None:
        index = self._current_index()
        marks = tuple((IBUG[number].name, place) for number, place in self._places.items())
        self._view.set_marks(marks, IBUG[index].name if index >= 0 else "")
        missing = [number for number in GUIDE if number not in self._places]
        name = IBUG[index].name if index >= 0 else ""
        again = " once more" if index in self._places else ""
        self._asks.setText(f"Click on the {name}{again}." if missing or again else _ALL)
        self._remove.setEnabled(index in self._places)

    def _show_way(self) -> None:
        way = _SHOWN[self._ways.current]
        self._opacity.setVisible(way == "both")
        self._farthest.setVisible(way == "distances")
        self._view.set_shown(way, self._opacity.value / 100.0, self._farthest.value)

    def _allow(self) -> None:
        count = len(self._places)
        self._undo.setEnabled(bool(self._past) and not self._busy)
        self._save.setEnabled(count > 0)
        self._go.setEnabled(self._busy or count >= FEWEST or (self._corresponds and not count))
        self._use.setEnabled(self._fit is not None and not self._busy)
        self._beside.setEnabled(self._use.isEnabled())
        self._ways.setEnabled(self._fit is not None or self._busy)
        if not self._fit:
            self._show_way()
        if self._busy or self._fit is not None:
            return
        if self._corresponds and not count:
            self.tell(_CORRESPONDS)
        elif 0 < count < ENOUGH:
            self.tell(f"{count} of {ENOUGH} landmarks; with {ENOUGH} the whole face is placed well.")
        else:
            self.tell("")

    def _ask_fit(self) -> None:
        if self._busy:
            self.cancel_asked.emit()
        else:
            self.fit_asked.emit(self.picks, self._offset.isChecked())
