"""A quiet line that tells something and waits to be closed."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from studio.theme import icon

_INFO_SECONDS = 8


class NoticeBar(QWidget):
    """One sentence with an icon and a close button; hidden while there is nothing to say.

    Information goes by itself after a few seconds, a warning stays until it is closed or the next
    notice comes.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("notice")
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
        self._close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 8, 4)
        layout.setSpacing(8)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_INFO_SECONDS * 1000)
        self._timer.timeout.connect(self.hide)
        self.hide()

    @property
    def text(self) -> str:
        """What is told."""
        return self._text.text()

    def show_info(self, text: str) -> None:
        """Tell ``text`` for a while."""
        self._show(text, "about", "data")
        self._timer.start()

    def show_warning(self, text: str) -> None:
        """Tell ``text`` until it is closed."""
        self._show(text, "warning", "warning")
        self._timer.stop()

    def _show(self, text: str, icon_name: str, role: str) -> None:
        self._icon.setPixmap(icon(icon_name, role).pixmap(QSize(16, 16), self.devicePixelRatioF()))
        self._text.setText(text)
        self.setAccessibleName(text)
        self.show()
