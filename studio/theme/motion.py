"""Whether things may move by themselves. Nothing ever does so for longer than :data:`LONGEST`."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

LONGEST = 120  # milliseconds
_EFFECTS = (
    Qt.UIEffect.UI_AnimateMenu,
    Qt.UIEffect.UI_FadeMenu,
    Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeTooltip,
    Qt.UIEffect.UI_AnimateToolBox,
)
_reduced = [False]
_blinking = [-1]  # milliseconds of the system's text cursor, once it was read


def reduced_motion() -> bool:
    """Whether nothing may move but what the user moves."""
    return _reduced[0]


def motion_time(milliseconds: int) -> int:
    """How long a movement of ``milliseconds`` may take: not at all where motion is reduced."""
    return 0 if _reduced[0] else min(milliseconds, LONGEST)


def apply_motion(application: QApplication, reduced: bool) -> None:
    """Still the text cursor and the effects of menus and hints, or let them be as the system has them."""
    if _blinking[0] < 0:
        _blinking[0] = application.cursorFlashTime()
    _reduced[0] = reduced
    application.setCursorFlashTime(0 if reduced else _blinking[0])
    for effect in _EFFECTS:
        application.setEffectEnabled(effect, False)  # Qt's take longer than the studio's longest
