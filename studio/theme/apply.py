"""Puts a theme on the application, at start or while it runs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from studio.theme.current import set_current
from studio.theme.roles import DARK, LIGHT, THEMES, Roles
from studio.theme.style_sheet import style_sheet
from studio.theme.text_size import FONT_PIXELS, scaled, set_text_size, tell_text_size, text_size

SYSTEM = "system"
_MOST_FONTS = 64
_tabular: dict[str, QFont] = {}  # by the font they were made of: to make one anew for each frame is slow


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
    key = font.toString()
    if key not in _tabular:
        if len(_tabular) >= _MOST_FONTS:
            _tabular.clear()
        figures = QFont(font)
        figures.setFeature(QFont.Tag("tnum"), 1)
        _tabular[key] = figures
    return QFont(_tabular[key])


def system_scheme(application: QApplication) -> Qt.ColorScheme:
    """Whether the system is dark or light, as far as it tells."""
    return application.styleHints().colorScheme()


def roles_of(application: QApplication, name: str) -> Roles:
    """The colours of theme ``name``: "dark", "light" or "system"; dark where nothing tells which."""
    if name == SYSTEM:
        return LIGHT if system_scheme(application) == Qt.ColorScheme.Light else DARK
    return THEMES.get(name, DARK)


def apply_theme(application: QApplication, name: str, per_cent: int | None = None) -> Roles:
    """Use theme ``name`` ("dark", "light" or "system"; dark for anything else) in the whole application.

    Args:
        application: what is to look so.
        name: of the theme.
        per_cent: the size of text, one of :data:`TEXT_SIZES`; None leaves it as it is.

    """
    roles = roles_of(application, name)
    set_current(roles)
    if application.style().name().lower() != "fusion":
        application.setStyle("Fusion")
    resized = per_cent is not None and per_cent != text_size()
    if per_cent is not None:
        set_text_size(per_cent)
    font = application.font()
    if font.pixelSize() != scaled(FONT_PIXELS):
        font.setPixelSize(scaled(FONT_PIXELS))
        application.setFont(font)
    application.setPalette(_palette(roles))
    application.setStyleSheet(style_sheet(roles))
    if resized:
        tell_text_size()
    return roles
