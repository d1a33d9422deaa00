"""A card that lies over another widget: a heading, a few sentences, buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from studio.theme import keep_fitted, scaled

_WIDTH = 400  # at the usual size of text
_MARGIN = 12  # pixels to the borders of what it lies over
_INSIDE = 16
_LINE = 1  # around it


class Card(QFrame):
    """Stands in the lower left corner of ``over``, as wide as there is room, until it is closed.

    The last button closes it, and so does Escape anywhere in the window. All of ``over`` beside the
    card can be used meanwhile.
    """

    closed = Signal()

    def __init__(self, title: str, close: str, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setObjectName("card")
        self.setAccessibleName(title)
        heading = QLabel(title)
        heading.setProperty("role", "heading")
        self._sentences = QVBoxLayout()
        self._sentences.setSpacing(8)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addStretch()
        self._close = QPushButton(close, default=True)
        self._close.clicked.connect(self.dismiss)
        self._buttons.addWidget(self._close)
        self._column = layout = QVBoxLayout(self)
        layout.setContentsMargins(_INSIDE, 12, _INSIDE, 12)
        layout.setSpacing(8)
        layout.addWidget(heading)
        layout.addLayout(self._sentences)
        layout.addSpacing(4)
        layout.addLayout(self._buttons)
        over.installEventFilter(self)
        keep_fitted(self, self._place)
        self.hide()

    def tell(self, sentences: Sequence[str]) -> None:
        """Say ``sentences``, one below the other."""
        while (item := self._sentences.takeAt(0)) is not None:
            label = item.widget()
            if label is not None:
                label.deleteLater()
        for sentence in sentences:
            label = QLabel(sentence, wordWrap=True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            self._sentences.addWidget(label)
        self.setAccessibleDescription(" ".join(sentences))
        self._place()

    def add_button(self, text: str, run: Callable[[], object]) -> None:
        """Put a button before the one that closes the card."""
        button = QPushButton(text)
        button.clicked.connect(lambda: run())
        self._buttons.insertWidget(self._buttons.count() - 1, button)
        QWidget.setTabOrder(button, self._close)

    def focus(self) -> None:
        """Give the keys to the button that closes the card."""
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)

    def dismiss(self) -> None:
        """Close the card."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Hear the keys of the window it is in."""
        super().showEvent(event)
        self.window().installEventFilter(self)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay in the corner; close on an Escape that nobody else took."""
        if event.type() == QEvent.Type.Resize and watched is self._over:
            self._place()
        elif isinstance(event, QKeyEvent) and self.isVisible() and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.dismiss()
                return True
        return False

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as there is room, as high as the sentences need."""
        width = min(scaled(_WIDTH), self._over.width() - 2 * _MARGIN)
        return QSize(width, self._column.heightForWidth(width - 2 * _LINE) + 2 * _LINE)

    def _place(self) -> None:
        size = self.sizeHint()
        self.setGeometry(QRect(QPoint(_MARGIN, self._over.height() - _MARGIN - size.height()), size))
        self.raise_()
