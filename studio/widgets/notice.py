"""Quiet lines that tell something and wait to be closed."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from studio.theme import icon

_INFO_SECONDS = 8
_MOST = 3  # lines of a kind; older ones give way


class NoticeBar(QWidget):
    """Sentences with an icon and a close button; hidden while there is nothing to say.

    Information goes by itself after a few seconds, a warning stays until it is closed. What comes
    meanwhile is told below it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("notice")
        self._warnings: tuple[str, ...] = ()
        self._information: tuple[str, ...] = ()
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._close = QToolButton()
        self._close.setIcon(icon("cancel"))
        self._close.setIconSize(QSize(16, 16))
        self._close.setToolTip("Close this notice")
        self._close.setAccessibleName("Close this notice")
        self._close.clicked.connect(self._forget_all)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 8, 4)
        layout.setSpacing(8)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_INFO_SECONDS * 1000)
        self._timer.timeout.connect(self._forget_information)
        self.hide()

    @property
    def text(self) -> str:
        """What is told, one sentence a line."""
        return self._text.text()

    def show_info(self, text: str) -> None:
        """Tell ``text`` for a while."""
        self._information = _with(self._information, text)
        self._timer.start()
        self._show()

    def show_warning(self, text: str) -> None:
        """Tell ``text`` until it is closed."""
        self._warnings = _with(self._warnings, text)
        self._show()

    def _forget_information(self) -> None:
        self._information = ()
        self._show()

    def _forget_all(self) -> None:
        self._warnings = ()
        self._forget_information()

    def _show(self) -> None:
        name, role = ("warning", "warning") if self._warnings else ("about", "data")
        self._icon.setPixmap(icon(name, role).pixmap(QSize(16, 16), self.devicePixelRatioF()))
        text = "\n".join((*self._warnings, *self._information))
        self._text.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))


def _with(told: tuple[str, ...], text: str) -> tuple[str, ...]:
    """``told`` and then ``text``, each once, the oldest left out where they are too many."""
    return (*(old for old in told if old != text), text)[-_MOST:]
