"""Library: poses with pictures, to be put on the face, saved, shared; random faces and blends."""

from __future__ import annotations

from functools import cached_property, partial

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeySequence
from PySide6.QtWidgets import QCheckBox, QLabel, QMenu, QVBoxLayout, QWidget

from studio.controls.face_parts import PARTS, TITLES, Part
from studio.controls.preset_folders import EXPRESSION, HEAD, VISEME, Stored
from studio.controls.presets import STRONGEST, Preset
from studio.document.document import Document
from studio.panels.bars import icon_button, search_field, side_by_side
from studio.panels.blend_box import BlendBox
from studio.panels.library_foot import LibraryFoot
from studio.panels.panel import Panel, Push
from studio.panels.pose_applying import Applying, Manner
from studio.panels.pose_grid import PoseGrid
from studio.panels.random_box import RandomBox
from studio.pose_shelf import PoseShelf
from studio.storage.errors import StudioError
from studio.thumbnails import Thumbnails
from studio.widgets.chip_flow import ChipFlow
from studio.widgets.group import Group
from studio.widgets.slider_row import SliderRow
from studio.widgets.slider_scale import SliderScale

_FILTERS = ("All", "Face", "Speech", "Head", "Mine")
_TAGS = {1: EXPRESSION, 2: VISEME, 3: HEAD}
_MINE = 4
_STRENGTH = SliderScale(
    "Strength",
    0.0,
    100.0 * STRONGEST,
    neutral=100.0,
    decimals=0,
    unit="%",
    usual=(0.0, 100.0),
    tip="How much of the pose; moving it on changes the pose just chosen",
)
_SETTLE = 700  # milliseconds that an identity rests before pictures of it are drawn


class LibraryPanel(Panel):
    """Poses to look for, look at and put on the face."""

    shows = frozenset({"model", "takes", "active", "position", "look", "controls"})

    save_asked = Signal()
    edit_asked = Signal(object)  # Stored
    share_asked = Signal(object)  # Stored
    reveal_asked = Signal(object)  # Stored
    delete_asked = Signal(object)  # Stored
    face_asked = Signal(object)  # FaceChooser that wants a face from a file
    told = Signal(str)  # a notice
    problem = Signal(str)

    def __init__(self, document: Document, push: Push, shelf: PoseShelf, thumbnails: Thumbnails) -> None:
        super().__init__(document, push)
        self._shelf = shelf
        self._thumbnails = thumbnails
        self._applying = Applying(document, push)
        self._in_use: Stored | None = None
        self._sitter: object = None
        self._rest = QTimer(self, interval=_SETTLE, singleShot=True)
        self._rest.timeout.connect(self._draw_pictures)

    def build(self) -> None:
        """Search and filter, the grid, and below it how poses are applied."""
        self._search = search_field("poses")
        self._search.textChanged.connect(lambda _: self._list())
        self._search.returnPressed.connect(self._apply_first)
        self._filter = ChipFlow(_FILTERS, "Which poses are shown", exclusive=True)
        self._filter.changed.connect(self._list)
        self._nothing = QLabel(wordWrap=True)
        self._nothing.setProperty("role", "secondary")
        self._grid = self._make_grid()
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(12, 8, 12, 4)
        column.setSpacing(8)
        for widget in (self._search, self._filter, self._nothing):
            column.addWidget(widget)
        self._layout.addWidget(head)
        self._layout.addWidget(self._grid, 1)
        self._layout.addWidget(self._make_foot())
        self._sit()
        self._thumbnails.drawn.connect(self._grid.viewport().update)
        self._shelf.changed.connect(self._list)
        self._shelf.problem.connect(self.problem)
        self._shelf.refresh()
        self._list()

    def _make_grid(self) -> PoseGrid:
        grid = PoseGrid(self._picture_of)
        grid.applied.connect(self.apply)
        grid.applied_fully.connect(self._apply_fully)
        grid.menu_asked.connect(self._show_menu)
        grid.rename_asked.connect(lambda entry: None if entry.ships else self.edit_asked.emit(entry))
        grid.delete_asked.connect(lambda entry: None if entry.ships else self.delete_asked.emit(entry))
        return grid

    def _make_foot(self) -> QWidget:
        self._blend = BlendBox(
            self._document, self._push, lambda: self.chosen.preset if self.chosen else None
        )
        self._blend.problem.connect(self.problem)
        self._blend.file_asked.connect(self.face_asked)
        foot = LibraryFoot()
        for widget in self._make_apply():
            foot.add(widget)
        groups = (("Parts", self._make_parts()), ("Randomise", self._random), ("Blend", self._blend))
        for title, content in groups:
            group = Group(title)
            group.add(content)
            group.set_unfolded(False)
            foot.add_group(group)
        foot.add(icon_button("Save pose…", "save", self.save_asked.emit, "Keep this face in the library"))
        return foot

    def _make_apply(self) -> tuple[QWidget, ...]:
        self._strength = SliderRow(_STRENGTH)
        self._strength.set_value(_STRENGTH.neutral)
        self._strength.setAccessibleName("Pose strength")
        self._strength.value_changed.connect(lambda value, _gesture: self._strengthen(value))
        self._adds = QCheckBox("Add to the face")
        self._adds.setToolTip("Put the pose on top of the face instead of in place of its parts")
        self._flipped = QCheckBox("Mirror")
        self._flipped.setToolTip("Swap the pose's left and right")
        return self._strength, side_by_side(self._adds, self._flipped)

    def _make_parts(self) -> QWidget:
        tips = [f"Let poses change the {TITLES[part].lower()}" for part in PARTS]
        self._parts = ChipFlow([TITLES[part] for part in PARTS], "Parts that poses change", False, tips)
        return self._parts

    @property
    def chosen(self) -> Stored | None:
        """The pose that was clicked, or is under the keys."""
        return self._in_use or self._grid.chosen

    def apply(
        self, entry: Stored, parts: tuple[Part, ...] | None = None, strength: float | None = None
    ) -> None:
        """Put ``entry`` on the face, as strong as the slider says and on the parts that are switched on."""
        chosen = parts or tuple(PARTS[number] for number in self._parts.chosen)
        if not set(chosen) & set(entry.preset.parts):
            names = " and ".join(TITLES[part].lower() for part in entry.preset.parts)
            self.problem.emit(f"{entry.preset.name} changes {names}, which is switched off under Parts.")
            return
        manner = Manner(chosen, self._adds.isChecked(), self._flipped.isChecked())
        try:
            told = self._applying.choose(entry.preset, manner, self._strength.value / 100.0)
        except StudioError as error:
            self.problem.emit(str(error))
            return
        self._in_use = entry
        self._grid.show_in_use(entry)
        if told:
            self.told.emit(told)

    def _apply_fully(self, entry: Stored) -> None:
        self._strength.set_value(_STRENGTH.neutral)
        if self._applying.is_live and self._in_use is entry:
            self._applying.strengthen(1.0)
        else:
            self.apply(entry)

    def _apply_first(self) -> None:
        stored = self._grid.poses.stored
        if stored:
            self._grid.choose(stored[0])
            self.apply(stored[0])
            self._grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _strengthen(self, value: float) -> None:
        self._applying.strengthen(value / 100.0)

    @cached_property
    def _random(self) -> RandomBox:
        box = RandomBox(self._document, self._push)
        box.problem.connect(self.problem)
        return box

    def randomise(self) -> None:
        """Draw another face, of the parts chosen under Randomise."""
        self._random.randomise()

    def show_entry(self, entry: Stored) -> None:
        """List the user's own poses, the keys on ``entry``; nothing before the panel was seen."""
        if not self._built:
            return
        self._search.clear()
        self._filter.choose((_MINE,))
        self._list()
        self._grid.choose(entry)

    def focus(self) -> None:
        """Give the keys to the search field; nothing before the panel was seen."""
        if not self._built:
            return
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def show_document(self, names: frozenset[str]) -> None:
        """Show whose face it is, and whether the pose last chosen is still on it."""
        if self._in_use is not None and not self._applying.is_live and not self._applying.is_showing:
            self._in_use = None
            self._grid.show_in_use(None)
        self._blend.show_document(names)
        if names & {"model", "takes", "active", "look", "controls"}:
            self._rest.start(0 if "model" in names else _SETTLE)

    def _draw_pictures(self) -> None:
        """Draw pictures of the head as it is now, where it is another one."""
        if self._sit():
            self._grid.viewport().update()
            self._want_pictures()

    def _sit(self) -> bool:
        """Let the head as it is now be the one that is drawn; whether it is another one."""
        document = self._document
        sitter = (
            document.model,
            document.params.shape.tobytes(),
            document.look.texture,
            document.controls.mapping,
        )
        if sitter == self._sitter:
            return False
        self._sitter = sitter
        self._thumbnails.sit(document)
        return True

    def _want_pictures(self) -> None:
        self._thumbnails.want(entry.preset for entry in self._grid.poses.stored)

    def _picture_of(self, entry: Stored) -> QImage | None:
        return self._thumbnails.picture(entry.preset)

    def _list(self) -> None:
        """List the poses that search and filter leave."""
        words = self._search.text().casefold().split()
        found = [
            entry for entry in self._shelf.stored if self._is_wanted(entry) and _matches(entry.preset, words)
        ]
        self._grid.show_poses(found)
        self._nothing.setText(self._told_of_none(bool(words)))
        self._nothing.setVisible(not found)
        self._want_pictures()

    def _is_wanted(self, entry: Stored) -> bool:
        (number,) = self._filter.chosen
        if number == _MINE:
            return not entry.ships
        return number not in _TAGS or _TAGS[number] in entry.preset.tags

    def _told_of_none(self, searched: bool) -> str:
        if searched:
            return f"No pose is called or tagged {self._search.text().strip()}."
        return "Save pose… keeps the face you made here; drop .flamepose files on the window to add them."

    def _show_menu(self, entry: Stored, place: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction("Apply", partial(self.apply, entry))
        menu.addAction("Apply fully", partial(self._apply_fully, entry))
        only = menu.addMenu("Apply only to")
        for part in entry.preset.parts:
            only.addAction(TITLES[part], partial(self.apply, entry, (part,)))
        menu.addSeparator()
        own = not entry.ships
        for text, run, keys, allowed in (
            ("Rename and tag…", self.edit_asked, "F2", own),
            ("Share…", self.share_asked, "", True),
            ("Show in folder", self.reveal_asked, "", own),
            ("Delete", self.delete_asked, "Delete", own),
        ):
            action = menu.addAction(text, partial(run.emit, entry))
            action.setShortcut(QKeySequence(keys))
            action.setShortcutVisibleInContextMenu(True)
            action.setEnabled(allowed)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Three poses side by side."""
        return QSize(300, 640)


def _matches(preset: Preset, words: list[str]) -> bool:
    """Whether name, tags, author or note have every one of ``words``."""
    text = " ".join((preset.name, *preset.tags, preset.author, preset.note)).casefold()
    return all(word in text for word in words)
