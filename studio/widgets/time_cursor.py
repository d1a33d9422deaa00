"""The time cursor over a ruler: its line, and the flag that tells the moment it stands on."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QLineF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from studio.theme import Roles, scaled, tabular

FLAG_WIDTH = 34  # at least, at the usual size of text
_FLAG_HEIGHT = 17
_SIDES = 12.0  # pixels beside the flag's text, both together

Label = tuple[QRectF, str]  # where a text of the ruler stands, centred, and what it says


def flag_font(font: QFont) -> QFont:
    """``font`` as the flag is written in it."""
    made = tabular(font)
    made.setWeight(QFont.Weight.DemiBold)
    return made


def flag_place(x: float, text: str, font: QFont, width: float) -> QRectF:
    """The flag with ``text`` of a cursor at ``x``, whole inside ``width`` pixels where it would stick out.

    ``font`` is that of the ruler.
    """
    wide = max(float(scaled(FLAG_WIDTH)), QFontMetricsF(flag_font(font)).horizontalAdvance(text) + _SIDES)
    left = min(max(round(x) + 0.5 - wide / 2, 0.0), max(width - wide, 0.0))
    return QRectF(left, 1.0, wide, float(scaled(_FLAG_HEIGHT)))


def covered_labels(flag: QRectF, labels: Iterable[Label], font: QFont) -> list[QRectF]:
    """Where those of ``labels``, written in ``font``, stand that ``flag`` would hide in part."""
    metrics = QFontMetricsF(tabular(font))
    covered = []
    for place, text in labels:
        half = metrics.horizontalAdvance(text) / 2 + 2.0
        middle = place.center().x()
        if flag.left() < middle + half and middle - half < flag.right():
            covered.append(QRectF(middle - half, place.top(), 2 * half, place.height()))
    return covered


def strip(x: float, flag: QRectF, covered: Iterable[QRectF], height: int) -> list[QRect]:
    """What a cursor at ``x`` paints over: its line, and its flag with the labels it takes the place of."""
    head = flag
    for place in covered:
        head = head.united(place)
    line = QRectF(x - 2.0, 0.0, 5.0, float(height))
    return [line.toAlignedRect(), head.adjusted(-1.0, -1.0, 1.0, 1.0).toAlignedRect()]


def paint_cursor(
    painter: QPainter,
    x: float,
    text: str,
    flag: QRectF,
    height: int,
    roles: Roles,
    covered: Iterable[QRectF] = (),
) -> None:
    """Draw the cursor at ``x``: its line, and its ``flag`` with ``text``, in place of ``covered`` labels."""
    x = round(x) + 0.5
    for place in covered:
        painter.fillRect(place, QColor(roles.panel))
    painter.setFont(flag_font(painter.font()))
    painter.setPen(QPen(QColor(roles.accent), 1.5))
    painter.drawLine(QLineF(x, flag.bottom() - 2, x, height))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(roles.accent))
    painter.drawRoundedRect(flag.adjusted(1, 0, -1, 0), 4.0, 4.0)
    painter.setPen(QColor(roles.on_accent))
    painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, text)
