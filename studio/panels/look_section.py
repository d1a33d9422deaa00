"""A group of the Look panel: rows for fields of the look, made when the group is first unfolded."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QSizePolicy, QWidget

from studio.document.commands import set_look
from studio.document.document import Document
from studio.document.look import Look
from studio.panels.panel import Push
from studio.widgets.colour_button import ColourButton
from studio.widgets.form_row import FormRow
from studio.widgets.group import Group
from studio.widgets.slider_row import SliderRow
from studio.widgets.slider_scale import SliderScale

_LONGEST_NAME = 36  # characters
Show = Callable[[Look], object]


def read_field(look: Look, path: str) -> Any:
    """The value of a field of the look, or of one of its parts: "light.fill.strength"."""
    value: Any = look
    for name in path.split("."):
        value = getattr(value, name)
    return value


def with_field(look: Look, path: str, value: Any) -> Look:
    """``look`` with another value of the field at ``path``."""
    changed: Look = _with(look, path.split("."), value)
    return changed


def _with(owner: Any, names: list[str], value: Any) -> Any:
    name, *rest = names
    return replace(owner, **{name: _with(getattr(owner, name), rest, value) if rest else value})


class LookSection:
    """Rows under a heading; ``fill`` makes them once somebody unfolds it."""

    def __init__(
        self,
        title: str,
        document: Document,
        push: Push,
        fill: Callable[[LookSection], None],
        unfolded: bool = False,
    ) -> None:
        self.group = Group(title)
        self._document, self._push, self._fill = document, push, fill
        self._shows: list[Show] = []
        self._filled = False
        self.group.set_unfolded(unfolded)
        self.group.toggled.connect(self._on_toggled)
        if unfolded:
            self._make()

    def _on_toggled(self, unfolded: bool) -> None:
        if unfolded:
            self._make()
            self.show(self._document.look)

    def _make(self) -> None:
        if not self._filled:
            self._filled = True
            self._fill(self)

    def show(self, look: Look) -> None:
        """Show ``look``, once there are rows."""
        for show in self._shows:
            show(look)

    def add(
        self, widget: QWidget, show: Show | None = None, when: Callable[[Look], bool] | None = None
    ) -> None:
        """Put ``widget`` below; ``show`` tells it the look, ``when`` says whether it is offered."""
        self.group.add(widget)
        if show is not None:
            self._shows.append(show)
        if when is not None:
            self._shows.append(lambda look: widget.setVisible(when(look)))

    def follow(self, show: Show) -> None:
        """Call ``show`` with every look."""
        self._shows.append(show)

    def set_field(self, name: str, path: str, value: Any, gesture: int | None = None) -> None:
        """Change the field at ``path`` in one step called ``name``."""
        look = with_field(self._document.look, path, value)
        self._push(set_look(self._document, name, look, gesture))

    def add_reset(self, name: str, *paths: str) -> None:
        """A word in the heading that sets the fields at ``paths`` back, in one step."""

        def reset() -> None:
            look = self._document.look
            for path in paths:
                look = with_field(look, path, read_field(Look(), path))
            self._push(set_look(self._document, name, look))

        self.group.add_action("reset", reset, name)

    def add_slider(
        self,
        path: str,
        name: str,
        scale: SliderScale,
        angle: bool = False,
        factor: float = 1.0,
        when: Callable[[Look], bool] | None = None,
    ) -> SliderRow:
        """A slider that shows the field times ``factor``; ``angle``: degrees of a field in radians."""
        row, shown = SliderRow(scale), math.degrees(1.0) if angle else factor
        row.value_changed.connect(lambda value, gesture: self.set_field(name, path, value / shown, gesture))

        def show(look: Look) -> None:
            row.set_value(round(read_field(look, path) * shown, 4))

        self.add(row, show, when)
        return row

    def add_check(self, path: str, title: str, tip: str, name: str = "") -> QCheckBox:
        """A switch; the step is called ``name``, or as it is titled."""
        box = QCheckBox(title)
        box.setToolTip(tip)
        box.clicked.connect(lambda checked: self.set_field(name or title, path, checked))
        self.add(box, lambda look: box.setChecked(read_field(look, path)))
        return box

    def add_colour(
        self, path: str, label: str, name: str, when: Callable[[Look], bool] | None = None
    ) -> ColourButton:
        """A colour to choose, beside ``label``."""
        button = ColourButton(name)
        button.colour_changed.connect(lambda colour, gesture: self.set_field(name, path, colour, gesture))
        self.add(FormRow(label, button), lambda look: button.set_colour(read_field(look, path)), when)
        return button

    def add_choice(
        self,
        path: str,
        label: str,
        name: str,
        titles: Mapping[Any, str],
        when: Callable[[Look], bool] | None = None,
    ) -> QComboBox:
        """A list of values, by their ``titles``."""
        box = QComboBox()
        for value, title in titles.items():
            box.addItem(title, value)
        box.activated.connect(lambda index: self.set_field(name, path, box.itemData(index)))
        self.add(
            FormRow(label, box), lambda look: box.setCurrentIndex(box.findData(read_field(look, path))), when
        )
        return box

    def add_text(self, path: str, label: str, name: str, hint: str) -> QLineEdit:
        """A line of text, taken when it is complete."""
        field = QLineEdit(placeholderText=hint)
        field.editingFinished.connect(lambda: self.set_field(name, path, field.text()))

        def show(look: Look) -> None:
            if field.text() != read_field(look, path):
                field.setText(read_field(look, path))

        self.add(FormRow(label, field), show)
        return field


def on_button(name: str) -> str:
    """The ``name`` of a file on a button: a long one without its middle, as no button elides by itself."""
    half = _LONGEST_NAME // 2
    short = name if len(name) <= _LONGEST_NAME else f"{name[:half]}…{name[-half:]}"
    return short.replace("&", "&&")


def note() -> QLabel:
    """Secondary text, hidden while it says nothing; a long name in it makes nothing wider."""
    label = QLabel(wordWrap=True)
    label.setProperty("role", "secondary")
    policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    policy.setHeightForWidth(True)
    label.setSizePolicy(policy)
    label.hide()
    return label


def say(label: QLabel, text: str) -> None:
    """Let a :func:`note` say ``text``, or nothing."""
    label.setText(text)
    label.setVisible(bool(text))
