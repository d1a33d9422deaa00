"""Face: emotions, head, gaze, lids, jaw and the units of the face, by names that people know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton

from studio.control_solver import ControlSolver
from studio.controls.arkit import LOOKS
from studio.controls.emotions import EMOTIONS
from studio.controls.gaze import Gaze
from studio.controls.named_controls import EYELIDS, JAW_SIDEWAYS, ControlSet
from studio.controls.random_face import random_values
from studio.document.commands import reset_fields, set_locks
from studio.document.document import Document
from studio.document.faces import control_values, set_control, set_controls, set_gaze
from studio.document.key_states import channels_of, key_state, toggle_key
from studio.document.locks import Locks, locks_of
from studio.panels.bars import footer, icon_button, search_field, side_by_side, top_bar
from studio.panels.face_rows import FACE_GROUPS, GAZE, FaceRow, face_rows, has_sides, mirrored_values
from studio.panels.gaze_group import ALL_AXES, GazeGroup
from studio.panels.mapping_bar import MappingBar
from studio.panels.panel import Panel, Push
from studio.panels.param_rows import PARAMS_FIELDS
from studio.panels.row_search import Part, go_to_first, list_matching, nothing_called
from studio.theme import icon, size_icons
from studio.widgets.group import Group
from studio.widgets.lock_button import LockButton, State
from studio.widgets.row_list import RowList
from studio.widgets.scroll_panel import ScrollPanel
from studio.widgets.slider_row import SliderRow
from studio.widgets.slider_scale import SliderScale

_STRENGTH = SliderScale("Strength", 0.0, 1.0, neutral=0.6, tip="How far Randomise goes from neutral")
_RESET_FIELDS = ("expr", "jaw_pose", "eyes_pose", "eyelids", "neck_pose", "rotation")
_UNDRAWN = frozenset((*EMOTIONS, *EYELIDS, JAW_SIDEWAYS))  # other controls move the same


@dataclass(frozen=True)
class _Section:
    """A group of the panel, and the controls that it moves."""

    title: str
    names: tuple[str, ...]

    @property
    def part(self) -> str:
        """What it is called within a sentence."""
        return self.title.lower()


class FacePanel(Panel):
    """Named controls of the document's model, whatever its components are."""

    shows = PARAMS_FIELDS | {"controls", "tools"}
    mapping_asked = Signal()  # a file with one is to be chosen

    def __init__(self, document: Document, push: Push) -> None:
        super().__init__(document, push)
        self._solver = ControlSolver(document, self)
        self._solver.ready.connect(self._on_ready)
        self._solver.failed.connect(self._tell)
        self._controls: ControlSet | None = None  # that the rows are built for
        self._values: Mapping[str, float] = {}
        self._parts: list[Part] = []
        self._gaze: GazeGroup | None = None
        self._group_locks: list[tuple[LockButton, Locks]] = []
        self._all_locks: Locks = frozenset()

    def build(self) -> None:
        """Search and symmetry above the rows; strength, randomise, reset and mapping below them."""
        self._search = search_field("face")
        self._search.textChanged.connect(self._filter)
        self._search.returnPressed.connect(lambda: go_to_first(self._parts))
        self._symmetric = self._make_symmetric()
        self._lock_all = LockButton("the whole face", quiet=False)
        self._lock_all.clicked.connect(lambda: self._toggle_lock("the whole face", self._all_locks))
        self._layout.addWidget(top_bar(self._search, self._symmetric, self._lock_all))
        self._state = QLabel(wordWrap=True)
        self._state.setProperty("role", "secondary")
        self._state.setContentsMargins(12, 12, 12, 0)
        self._layout.addWidget(self._state)
        self._scroll = ScrollPanel()
        self._layout.addWidget(self._scroll, 1)
        self._strength = SliderRow(_STRENGTH)
        randomise = icon_button("Randomise", "randomise", self._randomise_all, "A face drawn at random")
        reset = icon_button(
            "Reset all",
            "reset",
            self._reset_all,
            "Expression and pose back to neutral, and all that they hold",
        )
        self._mapping = MappingBar(self._document, self._push)
        self._mapping.asked.connect(self.mapping_asked)
        self._footer = footer(self._strength, side_by_side(randomise, reset), self._mapping)
        self._layout.addWidget(self._footer)

    def show_document(self, names: frozenset[str]) -> None:
        """Show the controls at the time cursor; rows are made anew for other controls."""
        self._mapping.refresh()
        self._symmetric.setChecked(self._document.tools.symmetric)
        controls = self._solver.controls
        if controls is None:
            self._tell(f"Finding the controls of {self._document.model.name}…")
            self._solver.solve()
            return
        if controls is not self._controls:
            self._values = control_values(self._document)
            self._rebuild(controls)
            names = self.shows
        self._tell("")
        self._values = control_values(self._document)
        if self._gaze is not None:
            self._gaze.take_gaze()
        self._scroll.refresh()
        if names & {"locks", "model", "controls"}:
            self._show_locks()

    def _tell(self, text: str) -> None:
        """Say why there are no rows, in their place; nothing to say brings them back."""
        self._state.setText(text)
        self._state.setVisible(bool(text))
        self._scroll.setVisible(not text)
        self._footer.setEnabled(not text)

    def _on_ready(self) -> None:
        if self._built:
            self.show_document(self.shows)

    def _make_symmetric(self) -> QPushButton:
        button = QPushButton()
        button.setCheckable(True)
        button.setIcon(icon("symmetry"))
        size_icons(button, 16)
        button.setAccessibleName("Symmetric")
        button.setToolTip("What is moved on one side of the face is moved on the other")
        button.clicked.connect(
            lambda on: self._document.set(tools=self._document.tools.replace(symmetric=on))
        )
        return button

    def _rebuild(self, controls: ControlSet) -> None:
        self._controls = controls
        self._parts, self._gaze, self._group_locks = [], None, []
        self._scroll.clear()
        for title, names in FACE_GROUPS.items():
            if title == GAZE:
                self._add_gaze()
            elif rows := face_rows(controls, self._document.model, title):
                self._add_group(_Section(title, tuple(row.name for row in rows)), rows)
            else:
                assert not set(names) & controls.controls.keys()
        self._all_locks = frozenset().union(*(locks for _, locks in self._group_locks))
        self._nothing = QLabel(wordWrap=True)
        self._nothing.setProperty("role", "secondary")
        self._scroll.add(self._nothing)
        self._filter(self._search.text())

    def _add_group(self, section: _Section, rows: tuple[FaceRow, ...]) -> None:
        assert self._controls is not None
        group = Group(section.title)
        if has_sides(section.names):
            group.add_action("mirror", partial(self._mirror, section), f"Mirror {section.part}")
        group.add_action(
            "randomise", partial(self._randomise, section), f"Randomise {section.part}", "randomise"
        )
        group.add_action("reset", partial(self._reset, section), f"Reset {section.part}")
        self._add_lock(group, locks_of(self._controls, section.names))
        listed = self._rows_of(self._controls, rows)
        group.add(listed)
        self._parts.append((group, listed))
        self._scroll.add(group, (listed,))

    def _add_gaze(self) -> None:
        group = GazeGroup(self._document, lambda locks: self._lock_state(locks) == "all")
        group.key_asked.connect(lambda what, locks: self._toggle_key(what, channels_of(locks)))
        group.asked.connect(self._look)
        group.lock_asked.connect(self._toggle_lock)
        group.add_action("mirror", self._mirror_gaze, "Mirror gaze")
        randomise = partial(self._randomise, _Section(GAZE, tuple(LOOKS)))
        group.add_action("randomise", randomise, "Randomise gaze", "randomise")
        group.add_action("reset", lambda: self._set_gaze("Reset gaze", Gaze()), "Reset gaze")
        self._add_lock(group, ALL_AXES)
        self._gaze = group
        self._parts.append((group, group.rows))
        self._scroll.add(group, (group.rows,))

    def _add_lock(self, group: Group, locks: Locks) -> None:
        what = group.title.lower()
        button = group.add_lock(what)
        button.clicked.connect(lambda: self._toggle_lock(what, locks))
        self._group_locks.append((button, locks))

    def _rows_of(self, controls: ControlSet, rows: tuple[FaceRow, ...]) -> RowList:
        locks = [locks_of(controls, (row.name,)) for row in rows]
        channels = [channels_of(components) for components in locks]
        listed = RowList(
            [row.scale for row in rows],
            lambda index: rows[index].shown(self._values[rows[index].name]),
            lambda index: self._lock_state(locks[index]) == "all",
            key=lambda index: key_state(self._document, channels[index]),
        )
        listed.key_asked.connect(lambda index: self._toggle_key(rows[index].title, channels[index]))
        listed.lock_asked.connect(lambda index: self._toggle_lock(rows[index].title, locks[index]))
        listed.value_changed.connect(lambda index, value, gesture: self._move(rows[index], value, gesture))
        return listed

    def _move(self, row: FaceRow, value: float, gesture: int | None) -> None:
        self._push(set_control(self._document, row.name, value / row.factor, gesture, row.title))
        self._scroll.refresh()

    def _look(self, step: str, gaze: Gaze, gesture: int | None) -> None:
        self._push(set_gaze(self._document, step, gaze, gesture))
        self._scroll.refresh()

    def _set_gaze(self, step: str, gaze: Gaze) -> None:
        self._push(set_gaze(self._document, step, gaze, keep_locks=True))

    def _mirror_gaze(self) -> None:
        assert self._gaze is not None
        gaze = self._gaze.gaze
        self._set_gaze("Mirror gaze", replace(gaze, sideways=-gaze.sideways))

    def _mirror(self, section: _Section) -> None:
        values = mirrored_values(self._values, section.names)
        self._push(set_controls(self._document, f"Mirror {section.part}", values))

    def _reset(self, section: _Section) -> None:
        values = dict.fromkeys(section.names, 0.0)
        self._push(set_controls(self._document, f"Reset {section.part}", values))

    def _randomise(self, section: _Section) -> None:
        self._draw(section.names, section.part)

    def _randomise_all(self) -> None:
        if self._controls is not None:
            self._draw(tuple(name for name in self._controls.controls if name not in _UNDRAWN), "face")

    def _draw(self, names: tuple[str, ...], what: str) -> None:
        assert self._controls is not None
        values = random_values(self._controls, names, self._strength.value, np.random.default_rng())
        self._push(set_controls(self._document, f"Randomise {what}", values))

    def _reset_all(self) -> None:
        self._push(reset_fields(self._document, "Reset face", _RESET_FIELDS))

    def _toggle_key(self, what: str, channels: tuple[str, ...]) -> None:
        self._push(toggle_key(self._document, what, channels))

    def _lock_state(self, locks: Locks) -> State:
        """How many of ``locks`` hold."""
        count = len(locks & self._document.locks)
        if not count:
            return "none"
        return "all" if count == len(locks) else "some"

    def _toggle_lock(self, what: str, locks: Locks) -> None:
        if locks:
            locked = self._lock_state(locks) != "all"
            self._push(set_locks(self._document, what, locks, locked))

    def _show_locks(self) -> None:
        for button, locks in self._group_locks:
            button.set_state(self._lock_state(locks))
        self._lock_all.set_state(self._lock_state(self._all_locks))

    def _filter(self, text: str) -> None:
        if self._controls is None:
            return
        found = list_matching(self._parts, text)
        self._nothing.setText(nothing_called(text))
        self._nothing.setVisible(not found)
        if self._gaze is not None:
            self._gaze.pad.setVisible(not text.strip() or len(self._gaze.rows.listed) > 1)
        self._scroll.show_view()
