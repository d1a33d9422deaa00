"""Puts a theme on the application, at start or while it runs."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from studio.theme.current import set_current
from studio.theme.roles import DARK, THEMES, Roles
from studio.theme.style_sheet import style_sheet

FONT_PIXELS = 13


def _palette(roles: Roles) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: roles.panel,
        role.WindowText: roles.text,
        role.Base: roles.raised,
        role.AlternateBase: roles.panel,
        role.Text: roles.text,
        role.Button: roles.raised,
        role.ButtonText: roles.text,
        role.BrightText: roles.error,
        role.Highlight: roles.accent,
        role.HighlightedText: roles.on_accent,
        role.PlaceholderText: roles.secondary,
        role.ToolTipBase: roles.raised,
        role.ToolTipText: roles.text,
        role.Link: roles.data,
        role.Light: roles.hover,
        role.Midlight: roles.line,
        role.Mid: roles.line,
        role.Dark: roles.line,
        role.Shadow: roles.window,
    }
    palette = QPalette()
    for which, colour in colours.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(roles.disabled))
    return palette


def tabular(font: QFont) -> QFont:
    """``font`` with figures of equal width."""
    figures = QFont(font)
    figures.setFeature(QFont.Tag("tnum"), 1)
    return figures


def apply_theme(application: QApplication, name: str) -> Roles:
    """Use theme ``name`` ("dark" or "light"; dark for anything else) in the whole application."""
    roles = THEMES.get(name, DARK)
    set_current(roles)
    if application.style().name().lower() != "fusion":
        application.setStyle("Fusion")
    font = application.font()
    if font.pixelSize() != FONT_PIXELS:
        font.setPixelSize(FONT_PIXELS)
        application.setFont(font)
    application.setPalette(_palette(roles))
    application.setStyleSheet(style_sheet(roles))
    return roles
