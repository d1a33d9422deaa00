"""The studio's icons in the colours of the theme in use."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from studio import resources
from studio.theme.current import current


@lru_cache(maxsize=128)
def _renderer(name: str) -> QSvgRenderer:
    return QSvgRenderer(str(resources.icon_path(name)))


def tinted(name: str, colour: str, size: QSize, scale: float = 1.0) -> QPixmap:
    """Icon ``name`` in one colour, ``size`` logical pixels on a screen of ``scale``."""
    key = f"studio/{name}/{colour}/{size.width()}x{size.height()}@{scale}"
    cached = QPixmap()
    if QPixmapCache.find(key, cached):
        return cached
    pixmap = QPixmap(size * scale)
    if pixmap.isNull():  # nobody sees a button that a narrow row leaves no room
        return pixmap
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    _renderer(name).render(painter)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(pixmap.rect(), QColor(colour))
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    QPixmapCache.insert(key, pixmap)
    return pixmap


def _colour(mode: QIcon.Mode, state: QIcon.State) -> str:
    roles = current()
    if mode == QIcon.Mode.Disabled:
        return roles.disabled
    return roles.accent_text if state == QIcon.State.On else roles.text


class _TintedEngine(QIconEngine):
    """Draws an icon in the theme's colours at the moment it is shown, sharp at any scale."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name = name
        self._role = role

    def _tint(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        if self._role and mode != QIcon.Mode.Disabled:
            return str(getattr(current(), self._role))
        return _colour(mode, state)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw into ``rect`` of ``painter``."""
        scale = painter.device().devicePixelRatio()
        painter.drawPixmap(rect, tinted(self._name, self._tint(mode, state), rect.size(), scale))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The icon at ``size`` pixels of a screen of scale 1."""
        return tinted(self._name, self._tint(mode, state), size)

    def scaledPixmap(  # noqa: N802 - Qt's name
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        """The icon at ``size`` logical pixels for a screen of ``scale``."""
        return tinted(self._name, self._tint(mode, state), size, scale)

    def clone(self) -> QIconEngine:
        """Another engine for the same icon."""
        return _TintedEngine(self._name, self._role)


def icon(name: str, role: str = "") -> QIcon:
    """Icon ``name`` in the theme's text colour (accent while checked), or always in colour ``role``.

    It follows a change of theme by itself.

    Raises:
        FileNotFoundError: there is no such icon.

    """
    resources.icon_path(name)
    return QIcon(_TintedEngine(name, role))


def draw(painter: QPainter, name: str, corner: QPoint, size: int, colour: str) -> None:
    """Draw icon ``name`` in ``colour``, ``size`` pixels square, with its top left at ``corner``."""
    scale = painter.device().devicePixelRatio()
    painter.drawPixmap(corner, tinted(name, colour, QSize(size, size), scale))


def application_icon() -> QIcon:
    """The studio's own icon, in its own colours."""
    return QIcon(str(resources.icon_path("flame-studio")))
