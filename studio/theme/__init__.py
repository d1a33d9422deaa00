"""How the studio looks: colours by role in a dark and a light theme, style sheet, tinted icons."""

from studio.theme.apply import apply_theme, tabular
from studio.theme.current import current
from studio.theme.icons import application_icon, draw, icon
from studio.theme.motion import apply_motion, motion_time, reduced_motion
from studio.theme.painting import painting
from studio.theme.roles import DARK, LIGHT, THEMES, Roles
from studio.theme.text_size import TEXT_SIZES, fix_height, keep_fitted, scaled, size_icons, text_size

__all__ = [
    "DARK",
    "LIGHT",
    "TEXT_SIZES",
    "THEMES",
    "Roles",
    "application_icon",
    "apply_motion",
    "apply_theme",
    "current",
    "draw",
    "fix_height",
    "icon",
    "keep_fitted",
    "motion_time",
    "painting",
    "reduced_motion",
    "scaled",
    "size_icons",
    "tabular",
    "text_size",
]
