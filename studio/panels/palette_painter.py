"""How an entry of the command palette is drawn: matched letters in bold, its menu and keys at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from studio.theme import current, scaled

MATCHED = int(Qt.ItemDataRole.UserRole) + 1  # places of the matched letters
REMARK = int(Qt.ItemDataRole.UserRole) + 2  # what stands at the right: menu or reason, and keys
_ROW_HEIGHT, _ICON, _SIDE, _GAP = 28, 16, 10, 12  # at the usual size of text

Index = QModelIndex | QPersistentModelIndex


class PalettePainter(QStyledItemDelegate):
    """Draws icon, title and remark in one line."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802 - Qt's name
        """One height for all."""
        return QSize(0, scaled(_ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one entry."""
        roles, state = current(), option.state
        area = QRectF(option.rect)
        can = bool(state & QStyle.StateFlag.State_Enabled)
        painter.save()
        painter.setFont(option.font)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(roles.hover))
            painter.fillRect(QRectF(area.left(), area.top(), 3, area.height()), QColor(roles.accent))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(roles.raised))
        room = area.adjusted(scaled(_SIDE), 0, -scaled(_SIDE), 0)
        icon = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(icon, QIcon):
            box = QRectF(room.left(), room.center().y() - scaled(_ICON) / 2, scaled(_ICON), scaled(_ICON))
            icon.paint(
                painter,
                box.toAlignedRect(),
                Qt.AlignmentFlag.AlignCenter,
                QIcon.Mode.Normal if can else QIcon.Mode.Disabled,
            )
        room.adjust(scaled(_ICON) + scaled(_SIDE), 0, 0, 0)
        remark, keys = index.data(REMARK)
        room.setRight(_paint_right(painter, room, keys, roles.text if can else roles.disabled))
        room.setRight(_paint_right(painter, room, remark, roles.secondary))
        _paint_title(
            painter, room, str(index.data()), index.data(MATCHED), roles.text if can else roles.disabled
        )
        painter.restore()


def _paint_right(painter: QPainter, room: QRectF, text: str, colour: str) -> float:
    """Write ``text`` at the right end of ``room``; where what stands left of it has to end."""
    if not text:
        return room.right()
    painter.setPen(QColor(colour))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
    return room.right() - QFontMetricsF(painter.font()).horizontalAdvance(text) - scaled(_GAP)


def _paint_title(painter: QPainter, room: QRectF, title: str, bold: Sequence[int], colour: str) -> None:
    """Write ``title``, the letters at the places ``bold`` in bold, cut at its end where it is too long."""
    usual, strong = QFont(painter.font()), QFont(painter.font())
    strong.setWeight(QFont.Weight.Bold)
    metrics = QFontMetricsF(strong)
    shown = title
    if metrics.horizontalAdvance(title) > room.width():
        shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room.width())
    painter.setPen(QColor(colour))
    fonts = QFontMetricsF(usual)
    x, baseline = room.left(), room.center().y() + (fonts.ascent() - fonts.descent()) / 2
    for text, is_bold in _runs(shown, frozenset(bold)):
        painter.setFont(strong if is_bold else usual)
        painter.drawText(QPointF(x, baseline), text)
        x += QFontMetricsF(painter.font()).horizontalAdvance(text)
    painter.setFont(usual)


def _runs(text: str, bold: frozenset[int]) -> list[tuple[str, bool]]:
    """``text`` in pieces that are bold or not."""
    runs: list[tuple[str, bool]] = []
    for place, letter in enumerate(text):
        if runs and runs[-1][1] == (place in bold):
            runs[-1] = (runs[-1][0] + letter, runs[-1][1])
        else:
            runs.append((letter, place in bold))
    return runs
