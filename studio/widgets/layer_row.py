"""One layer in a list: whether it is left out or heard alone, its name, and how it meets what lies below."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QStackedLayout, QToolButton, QWidget

from studio.theme import current, icon, keep_fitted, scaled, size_icons
from studio.widgets.elided_label import ElidedLabel
from studio.widgets.plain_tip import plain_tip

_HEIGHT = 30
_MARK = 3  # width of the bar at the active one


@dataclass(frozen=True)
class LayerState:
    """What a row shows."""

    name: str
    told: str  # "add 50 %"
    muted: bool
    solo: bool
    active: bool


class LayerRow(QWidget):
    """A click, or the space bar, makes the layer active; a double click, or F2, renames it."""

    chosen = Signal()
    mute_asked = Signal()
    solo_asked = Signal()
    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = LayerState("", "", muted=False, solo=False, active=False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._mute = self._button("eye", "Mute")
        self._mute.clicked.connect(self._ask_mute)
        self._solo = self._button("solo", "Solo")
        self._solo.clicked.connect(self._ask_solo)
        self._label = ElidedLabel()
        self._told = QLabel()
        self._told.setProperty("role", "secondary")
        self._editor = QLineEdit()
        self._editor.editingFinished.connect(self._take_name)
        self._editor.installEventFilter(self)
        names = QWidget()
        self._names = QStackedLayout(names)
        self._names.addWidget(self._label)
        self._names.addWidget(self._editor)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(4)
        for widget in (self._mute, self._solo):
            row.addWidget(widget)
        row.addWidget(names, 1)
        row.addWidget(self._told)
        keep_fitted(self, lambda: self.setFixedHeight(scaled(_HEIGHT)))

    def _button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        button.setIcon(icon(name))
        size_icons(button, 16)
        button.setToolTip(tip)
        return button

    @property
    def state(self) -> LayerState:
        """What it shows."""
        return self._state

    def show_state(self, state: LayerState) -> None:
        """Show ``state``."""
        self._state = state
        self._label.setText(state.name)
        self._label.setEnabled(not state.muted)
        self._told.setText(state.told)
        self._mute.setChecked(not state.muted)
        self._solo.setChecked(state.solo)
        verb = "Unmute" if state.muted else "Mute"
        self._mute.setAccessibleName(f"{verb} {state.name}")
        self._mute.setToolTip(plain_tip(f"{verb} {state.name}"))
        self._solo.setAccessibleName(f"Solo {state.name}")
        self._solo.setToolTip(plain_tip(f"Leave out all layers but {state.name}, or bring them back"))
        self.setAccessibleName(f"Layer {state.name}")
        self.setAccessibleDescription(", ".join([state.told, *(["gets new keys"] if state.active else [])]))
        self.update()

    def edit(self) -> None:
        """Let the user type another name."""
        self._editor.setText(self._state.name)
        self._editor.setAccessibleName(f"Name of {self._state.name}")
        self._names.setCurrentWidget(self._editor)
        self._editor.selectAll()
        self._editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: object, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Escape leaves the name as it was."""
        escaped = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if watched is self._editor and escaped and event.type() == QEvent.Type.KeyPress:
            self._editor.setText(self._state.name)
            self._close_editor()
            return True
        return False

    def _take_name(self) -> None:
        if self._names.currentWidget() is not self._editor:
            return
        typed = self._editor.text().strip()
        self._close_editor()
        if typed and typed != self._state.name:
            self.renamed.emit(typed)

    def _close_editor(self) -> None:
        had_focus = self._editor.hasFocus()
        self._names.setCurrentWidget(self._label)
        if had_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_mute(self) -> None:
        self._mute.setChecked(not self._state.muted)  # the answer is shown, not the press
        self.mute_asked.emit()

    def _ask_solo(self) -> None:
        self._solo.setChecked(self._state.solo)
        self.solo_asked.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Make it active."""
        if event.button() == Qt.MouseButton.LeftButton and not self._state.active:
            self.chosen.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Rename."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.edit()

    def event(self, event: QEvent) -> bool:
        """Keep the space bar and F2 from being taken as shortcuts."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            own = event.key() in (Qt.Key.Key_Space, Qt.Key.Key_F2) and not event.modifiers()
            event.setAccepted(own)
            return own
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Make it active, or rename it."""
        if event.key() == Qt.Key.Key_F2:
            self.edit()
        elif event.key() == Qt.Key.Key_Space and not self._state.active:
            self.chosen.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the ground: raised with a bar where it is active."""
        roles = current()
        painter = QPainter(self)
        if self._state.active:
            painter.fillRect(self.rect(), QColor(roles.raised))
            painter.fillRect(0, 0, scaled(_MARK), self.height(), QColor(roles.accent))
        elif self.underMouse():
            painter.fillRect(self.rect(), QColor(roles.hover))
        if self.hasFocus():
            painter.setPen(QColor(roles.accent))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
