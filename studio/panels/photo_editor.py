"""The photo in place of the head: its face, points and mask are worked on by hand here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from studio.document.document import Document
from studio.document.photo_mask import Mask
from studio.document.photo_points import Points
from studio.document.reference_commands import FaceSeen
from studio.panels.panel import Push
from studio.panels.photo_faces_tool import FacesTool
from studio.panels.photo_mask_tool import LEAST, MOST, MaskTool
from studio.panels.photo_points_tool import PointsTool
from studio.theme import scaled
from studio.widgets.chip_flow import Flow
from studio.widgets.photo_view import PhotoView
from studio.widgets.segmented import Segmented
from studio.widgets.slider_row import SliderRow
from studio.widgets.slider_scale import SliderScale

Mode = Literal["face", "points", "mask"]
MODES: tuple[Mode, ...] = ("face", "points", "mask")

_ACTIONS: dict[Mode, str] = {"face": "photo.faces", "points": "photo.points", "mask": "photo.mask"}
_SLIDER = 250  # pixels of a slider in the bar
_CONFIDENCE = SliderScale("Sure", 0.0, 100.0, 100.0, 0, " %", hard_low=0.0, hard_high=100.0)
_BRUSH = SliderScale(
    "Brush", LEAST, 120.0, 28.0, 0, " px", hard_low=LEAST, hard_high=MOST, tip="Keys: [ and ]"
)
_HINTS: dict[Mode, str] = {
    "face": "Click a box, or drag one; 1 to 9 choose",
    "points": "Shift drags a part; arrows nudge; H hides, M mirrors, Ctrl and the wheel: how sure",
    "mask": "Alt erases; [ and ] size the brush; X swaps",
}


class PhotoEditor(QWidget):
    """Lies over the canvas; asks by ``asked`` for what an action does, and by ``closed`` to go."""

    asked = Signal(str)  # id of an action
    mask_cleared = Signal()
    closed = Signal()

    def __init__(
        self, document: Document, push: Push, begun: Callable[[], Points], parent: QWidget | None = None
    ) -> None:
        """``begun`` gives the points that one begins with."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("photo_editor")
        self._document = document
        self.mode: Mode = "points"
        self.view = PhotoView()
        self.faces = FacesTool(document, push, self)
        self.points = PointsTool(document, push, begun, self)
        self.brush = MaskTool(document, push, self)
        self._tools: dict[Mode, FacesTool | PointsTool | MaskTool] = {
            "face": self.faces,
            "points": self.points,
            "mask": self.brush,
        }
        for tool in self._tools.values():
            tool.redraw.connect(self._on_redraw)
        self.points.chosen_changed.connect(self._show_chosen)
        self.brush.brush_changed.connect(self._show_brush)
        self._build()

    def _build(self) -> None:
        self._modes = Segmented(["Face", "Points", "Mask"])
        self._modes.chosen.connect(lambda index: self.asked.emit(_ACTIONS[MODES[index]]))
        self._told, self._hint = QLabel(), QLabel()
        self._hint.setProperty("role", "secondary")
        for label in (self._told, self._hint):
            label.setMinimumWidth(1)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        whole = _chip("Whole photo", self.view.show_whole, "Show the whole photo (0)")
        face = _chip("Closer", self.show_face, "Bring the face as close as it fits")
        done = _chip("Done", self.closed.emit, "Go back to the head (Esc)")
        first = QHBoxLayout()
        first.setSpacing(6)
        first.addWidget(self._modes)
        first.addStretch(1)
        for button in (whole, face, done):
            first.addWidget(button)
        self._bars: dict[Mode, QWidget] = {
            "face": self._face_bar(),
            "points": self._points_bar(),
            "mask": self._mask_bar(),
        }
        top = QVBoxLayout()
        top.setContentsMargins(12, 8, 12, 8)
        top.setSpacing(6)
        top.addLayout(first)
        for bar in self._bars.values():
            top.addWidget(bar)
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 4, 12, 6)
        foot.setSpacing(0)
        foot.addWidget(self._told)
        foot.addWidget(self._hint)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.view, 1)
        layout.addLayout(foot)

    def _face_bar(self) -> QWidget:
        return _bar(
            _chip("Find faces", lambda: self.asked.emit("photo.find"), "Look for faces in the photo"),
            _chip("Box in the middle", self.faces.draw_in_the_middle, "Begin with a box, and move it (N)"),
        )

    def _points_bar(self) -> QWidget:
        self._sure = SliderRow(_CONFIDENCE)
        self._sure.setFixedWidth(scaled(_SLIDER))
        self._sure.value_changed.connect(
            lambda value, gesture: self.points.set_confidence(value / 100.0, gesture)
        )
        return _bar(
            _chip("Hide", self.points.hide, "Use what is chosen no longer, or again (H)"),
            _chip("Mirror", self.points.mirror, "Put the other side where a mirror has it (M)"),
            _chip("Reset", self.points.reset, "Put back what is chosen, or all (R)"),
            _chip("Load…", lambda: self.asked.emit("photo.load_points"), "Take points from a file"),
            _chip("Save…", lambda: self.asked.emit("photo.save_points"), "Save the points as a file"),
            self._sure,
        )

    def _mask_bar(self) -> QWidget:
        self._way = Segmented(["Paint", "Erase"])
        self._way.chosen.connect(lambda index: self.brush.set_erases(index == 1))
        self._radius = SliderRow(_BRUSH)
        self._radius.setFixedWidth(scaled(_SLIDER))
        self._radius.value_changed.connect(lambda value, _: self.brush.set_radius(value))
        return _bar(
            self._way,
            self._radius,
            _chip("Invert", self.brush.invert, "Mark what was not marked"),
            _chip("Clear", self.mask_cleared.emit, "Have no mask: all the face counts"),
            _chip(
                "From head", lambda: self.asked.emit("photo.mask_from_head"), "Mark the head's visible skin"
            ),
            _chip("Load…", lambda: self.asked.emit("photo.load_mask"), "Take a mask from a file"),
        )

    def set_mode(self, mode: Mode) -> None:
        """Work on the face, the points or the mask."""
        self.mode = mode
        self._modes.set_current(MODES.index(mode))
        for name, bar in self._bars.items():
            bar.setVisible(name == mode)
        self.view.set_tool(self._tools[mode])
        self._hint.setText(_HINTS[mode])
        self._show_chosen()
        self._show_brush()
        self._on_redraw()

    def show_photo(
        self, image: QImage, size: tuple[int, int], closer: Callable[[QRectF], QImage] | None = None
    ) -> None:
        """Show ``image`` of a photo of ``size``; ``closer`` gives a part of the photo itself."""
        self.faces.size = size
        self.view.set_photo(image, size, closer)

    def show_faces(self, faces: tuple[FaceSeen, ...]) -> None:
        """Offer ``faces`` to choose from."""
        self.faces.faces = faces
        self._on_redraw()

    def show_mask(self, mask: Mask | None, size: tuple[int, int]) -> None:
        """Show a mask that was not painted here."""
        self.brush.show_mask(mask, size)

    def show_reference(self) -> None:
        """Show the document's points and face."""
        if len(self._document.reference.points) == 0:
            self.points.choose(())
        self._show_chosen()
        self._on_redraw()

    def show_face(self) -> None:
        """Bring the chosen face as close as it fits."""
        points, box = self._document.reference.points, self._document.reference.box
        if points:
            xs, ys = [point.x for point in points], [point.y for point in points]
            area = QRectF(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
        elif box:
            area = QRectF(box[0], box[1], box[2] - box[0], box[3] - box[1])
        else:
            self.view.show_whole()
            return
        beside = 0.15 * max(area.width(), area.height())
        self.view.show_part(area.adjusted(-beside, -beside, beside, beside))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Escape goes back to the head."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _on_redraw(self) -> None:
        told = self._tools[self.mode].told
        if told != self._told.text():
            self._told.setText(told)
            self.view.setAccessibleDescription(told)
        self.view.refresh()

    def _show_chosen(self) -> None:
        points, chosen = self.points.points, self.points.chosen
        known = bool(chosen) and chosen[0] < len(points)
        self._sure.setEnabled(known)
        if known:
            self._sure.set_value(round(100.0 * points[chosen[0]].confidence, 1))

    def _show_brush(self) -> None:
        self._way.set_current(int(self.brush.erases))
        self._radius.set_value(round(self.brush.radius, 1))


def _chip(text: str, run: Callable[[], object], tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", "chip")
    button.setToolTip(tip)
    button.clicked.connect(lambda: run())
    return button


def _bar(*widgets: QWidget) -> QWidget:
    bar = QWidget()
    flow = Flow(bar)
    for widget in widgets:
        flow.addWidget(widget)
    return bar
