"""A small button with an icon alone, of bars and toolbars within panels."""

from __future__ import annotations

from PySide6.QtWidgets import QToolButton

from studio.theme import icon, size_icons


def raised_button(icon_name: str, tip: str) -> QToolButton:
    """A button that shows ``icon_name`` and says ``tip`` under the pointer and to screen readers."""
    button = QToolButton()
    button.setProperty("role", "raised")
    button.setIcon(icon(icon_name))
    size_icons(button, 16)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
