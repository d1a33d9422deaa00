"""A small picture beside a row, with a larger one in its tooltip."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QSize, Qt
from PySide6.QtGui import QHelpEvent, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QToolTip, QWidget

from studio.theme import scaled
from studio.widgets.plain_tip import escaped, plain_tip

THUMBNAIL_SIDE = 40  # at the usual size of text
_LARGE = 160  # logical pixels of the picture in the tooltip


class Thumbnail(QWidget):
    """A square picture; ``tip`` is asked for the words under the larger one."""

    def __init__(self, tip: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tip = tip
        self._image: QImage | None = None
        self._drawn = QPixmap()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def image(self) -> QImage | None:
        """The picture, as large as it was given."""
        return self._image

    def set_image(self, image: QImage | None) -> None:
        """Show ``image``."""
        if image is not self._image:
            self._image, self._drawn = image, QPixmap()
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The same at every size but that of text."""
        return QSize(scaled(THUMBNAIL_SIDE), scaled(THUMBNAIL_SIDE))

    def event(self, event: QEvent) -> bool:
        """Show the larger picture in the tooltip."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_text(), self)
            return True
        return super().event(event)

    def tip_text(self) -> str:
        """The tooltip, with the picture in it once there is one."""
        if self._image is None:
            return plain_tip(self._tip())
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self._image.save(buffer, "PNG")  # type: ignore[call-overload]  # PySide takes text here
        data = bytes(buffer.data().toBase64().data()).decode("ascii")
        picture = f'<img src="data:image/png;base64,{data}" width="{_LARGE}" height="{_LARGE}">'
        return f"{picture}<br>{escaped(self._tip())}"

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the picture in the pixels that the screen has."""
        if self._image is None:
            return
        density = self.devicePixelRatioF()
        wanted = self.size() * density
        if self._drawn.size() != wanted:
            smooth = Qt.TransformationMode.SmoothTransformation
            self._drawn = QPixmap.fromImage(
                self._image.scaled(wanted, Qt.AspectRatioMode.KeepAspectRatio, smooth)
            )
            self._drawn.setDevicePixelRatio(density)
        QPainter(self).drawPixmap(0, 0, self._drawn)
