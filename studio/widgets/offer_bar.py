"""A quiet line that offers something and waits for one of two answers."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from studio.theme import icon, scaled


class OfferBar(QWidget):
    """A sentence with two buttons; hidden while nothing is offered."""

    accepted = Signal()
    refused = Signal()

    def __init__(self, accept: str, refuse: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("notice")
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.setSpacing(8)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        for text, answer in ((accept, self.accepted), (refuse, self.refused)):
            button = QPushButton(text)
            button.clicked.connect(self.hide)
            button.clicked.connect(answer)
            layout.addWidget(button)
        self.hide()

    @property
    def text(self) -> str:
        """What is offered."""
        return self._text.text()

    def offer(self, text: str) -> None:
        """Offer ``text`` until it is answered."""
        self._icon.setPixmap(
            icon("about", "data").pixmap(QSize(scaled(16), scaled(16)), self.devicePixelRatioF())
        )
        self._text.setText(text)
        self.setAccessibleName(text)
        self.show()
