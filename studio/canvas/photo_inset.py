"""The photo as a small picture in a corner of the canvas, while the head is seen from elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from studio.theme import current, scaled

_LONGEST = 150  # pixels of its longer side, at the usual size of text
_MARGIN = 12  # pixels to the canvas's borders


class PhotoInset(QAbstractButton):
    """A click, Space or Return on it looks through the photo again."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._image = QImage()
        self.setText("Look through the photo")
        self.setAccessibleName("Look through the photo")
        self.setToolTip("See the head from where the photo was taken")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.hide()

    def reduced(self, image: QImage) -> QImage:
        """``image`` as large as an inset needs it on the finest screen."""
        longest = 3 * scaled(_LONGEST)
        ratio, mode = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        return image.scaled(longest, longest, ratio, mode)

    def show_photo(self, image: QImage) -> None:
        """Show ``image``, or nothing where that is empty."""
        if image.cacheKey() != self._image.cacheKey():
            self._image = image
            self.update()
        self.setVisible(not image.isNull())
        self.place()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As large as it lies on the canvas."""
        longest = min(scaled(_LONGEST), self._canvas.width() // 3, self._canvas.height() // 3)
        return self._image.size().scaled(longest, longest, Qt.AspectRatioMode.KeepAspectRatio)

    def place(self) -> None:
        """Lie in the canvas's lower right corner."""
        size = self.sizeHint()
        left = self._canvas.width() - _MARGIN - size.width()
        self.setGeometry(left, self._canvas.height() - _MARGIN - size.height(), size.width(), size.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the photo and its frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), self._image)
        roles = current()
        lit = self.hasFocus() or self.underMouse()
        painter.setPen(QPen(QColor(roles.accent if lit else roles.line), 2.0 if lit else 1.0))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
