"""The keys that a slider row takes for itself."""

from __future__ import annotations

from PySide6.QtCore import Qt

_PAGE = 10
ARROWS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_PageDown: -_PAGE,
    Qt.Key.Key_PageUp: _PAGE,
}
ENDS = (Qt.Key.Key_Home, Qt.Key.Key_End)
EDITING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)
RESETTING = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
LOCKING = Qt.Key.Key_K
