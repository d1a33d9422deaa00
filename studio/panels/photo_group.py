"""The upper group of the Fit panel: the photo, how it is shown, its face, points and mask."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from studio.document.document import Document
from studio.document.photo_points import COUNT
from studio.document.reference import SHOWINGS, Reference
from studio.document.reference_commands import set_reference, show_photo
from studio.panels.bars import side_by_side
from studio.panels.look_section import note, on_button, say
from studio.panels.panel import Push
from studio.widgets.form_row import FormRow
from studio.widgets.group import Group
from studio.widgets.plain_tip import plain_tip
from studio.widgets.segmented import Segmented
from studio.widgets.slider_row import SliderRow
from studio.widgets.slider_scale import SliderScale

_OPEN = "Open photo…"
_EMPTY = "Drop a photo of a face on the window, or open one."
_TITLES = ("Off", "Behind", "Over", "Wipe", "Difference")
_TIPS = (
    "Do not show the photo",
    "Show the photo behind the head",
    "Show the head over the photo, as strongly as the slider says",
    "Show the head left of a line, the photo right of it",
    "Colour the head by how far it is from the photo",
)
_OPACITY = SliderScale(
    "Head", 0.0, 100.0, 50.0, 0, " %", hard_low=0.0, hard_high=100.0, tip="How strongly the head is seen"
)
_WIPE = SliderScale("Line", 0.0, 100.0, 50.0, 0, " %", hard_low=0.0, hard_high=100.0, tip="From the left")


class PhotoGroup(Group):
    """Shows the document's reference; what takes more than a command is ``asked`` for by an action's id."""

    asked = Signal(str)  # id of an action

    def __init__(self, document: Document, push: Push, parent: QWidget | None = None) -> None:
        super().__init__("Photo", parent)
        self._document, self._push = document, push
        self._remove = self.add_action("remove", lambda: self.asked.emit("photo.remove"), "Remove the photo")
        self._open = self._button(_OPEN, "photo.open", "Choose a photo of a face")
        self._note = note()
        self.add(self._open)
        self.add(self._note)
        self._with_photo: list[QWidget] = [self._remove]
        self.filled = False  # whether there are the rows that are for a photo
        self.show_document(frozenset({"reference"}))

    def _fill(self) -> None:
        self.filled = True
        self._add_showing()
        self._face = self._add_part("Face", ("Find", "photo.find"), ("Choose…", "photo.faces"))
        self._points = self._add_part(
            "Points",
            ("Place…", "photo.points"),
            ("Load…", "photo.load_points"),
            ("Save…", "photo.save_points"),
        )
        self._mask = self._add_part(
            "Mask",
            ("Paint…", "photo.mask"),
            ("Load…", "photo.load_mask"),
            ("From head", "photo.mask_from_head"),
        )

    def _add_showing(self) -> None:
        self._showing = Segmented(_TITLES, _TIPS)
        self._showing.setAccessibleName("How the photo is shown")
        self._showing.chosen.connect(lambda index: self._push(show_photo(self._document, SHOWINGS[index])))
        self._opacity, self._wipe = SliderRow(_OPACITY), SliderRow(_WIPE)
        for row, field, name in (
            (self._opacity, "opacity", "Head over the photo"),
            (self._wipe, "wipe", "Wipe"),
        ):
            row.value_changed.connect(
                lambda value, gesture, f=field, n=name: self._push(
                    set_reference(self._document, n, gesture, **{f: value / 100.0})
                )
            )
        self._through = self._button(
            "Look through the photo", "photo.look_through", "See the head from where the photo was taken"
        )
        for widget in (self._showing, self._opacity, self._wipe, self._through):
            self.add(widget)
        self._with_photo += [self._showing, self._through]

    def _add_part(self, title: str, *buttons: tuple[str, str]) -> QLabel:
        """A row that says what there is of ``title``, over the buttons that change it."""
        told = note()
        told.show()
        row = FormRow(title, told)
        bar = side_by_side(*(self._button(text, action, "", title) for text, action in buttons))
        self.add(row)
        self.add(bar)
        self._with_photo += [row, bar]
        return told

    def _button(self, text: str, action: str, tip: str = "", part: str = "") -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        if part:
            button.setAccessibleName(f"{part}: {text.rstrip('…').lower()}")
        button.clicked.connect(lambda: self.asked.emit(action))
        return button

    def show_document(self, names: frozenset[str]) -> None:
        """Show the photo and what is known of it, where ``names`` has the reference."""
        if "reference" not in names:
            return
        reference = self._document.reference
        picture = reference.picture
        self._open.setText(on_button(picture.name) if picture else _OPEN)
        self._open.setToolTip(plain_tip(picture.path) if picture.path else "Choose a photo of a face")
        missing = f"{picture.name} is not where it was; open it again, or locate it in the File menu."
        say(self._note, missing if picture.is_missing else ("" if picture else _EMPTY))
        if picture and not self.filled:
            self._fill()
        for widget in self._with_photo:
            widget.setVisible(bool(picture))
        if not self.filled:
            return
        self._showing.set_current(SHOWINGS.index(reference.showing))
        self._opacity.setVisible(bool(picture) and reference.showing == "over")
        self._wipe.setVisible(bool(picture) and reference.showing == "wipe")
        self._opacity.set_value(round(100.0 * reference.opacity, 1))
        self._wipe.set_value(round(100.0 * reference.wipe, 1))
        self._face.setText("Chosen" if reference.box else "None chosen")
        self._points.setText(points_told(reference))
        self._mask.setText(_mask_told(reference))


def points_told(reference: Reference) -> str:
    """What points there are, in a few words."""
    if not reference.points:
        return "None"
    hidden = sum(point.hidden for point in reference.points)
    source = "by hand" if reference.points_from in ("", "hand") else f"from {reference.points_from}"
    return f"{COUNT} {source}" + (f", {hidden} hidden" if hidden else "")


def _mask_told(reference: Reference) -> str:
    if not reference.mask:
        return "None: all the face counts"
    return reference.mask.name.removesuffix(".png").capitalize()
