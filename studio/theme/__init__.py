"""How the studio looks: colours by role in a dark and a light theme, style sheet, tinted icons."""

from studio.theme.apply import apply_theme, tabular
from studio.theme.current import current
from studio.theme.icons import application_icon, draw, icon
from studio.theme.roles import DARK, LIGHT, THEMES, Roles

__all__ = [
    "DARK",
    "LIGHT",
    "THEMES",
    "Roles",
    "application_icon",
    "apply_theme",
    "current",
    "draw",
    "icon",
    "tabular",
]
