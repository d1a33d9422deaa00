"""The colours of the studio by what they are for, in two themes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Roles:
    """Colours as ``#rrggbb``, named by what they are for.

    ``accent`` fills the one thing that is active; text and thin lines of that colour use
    ``accent_text``, which can be read on panels. ``data`` and ``data_fill`` draw curves and blocks;
    ``axis_x`` and its like the rings of a gizmo.
    """

    name: str
    window: str
    panel: str
    raised: str
    hover: str
    line: str
    groove: str
    canvas: str
    canvas_top: str
    canvas_bottom: str
    text: str
    secondary: str
    disabled: str
    handle: str
    accent: str
    accent_text: str
    on_accent: str
    data: str
    data_fill: str
    left_side: str
    right_side: str
    axis_x: str
    axis_y: str
    axis_z: str
    warning: str
    error: str


DARK = Roles(
    name="dark",
    window="#17191d",
    panel="#1e2126",
    raised="#292d34",
    hover="#333840",
    line="#33383f",
    groove="#363b43",
    canvas="#292c31",
    canvas_top="#2d3035",
    canvas_bottom="#25282d",
    text="#e4e6ea",
    secondary="#8f96a1",
    disabled="#5d646e",
    handle="#e9ebee",
    accent="#ff8a3d",
    accent_text="#ff9a57",
    on_accent="#1b120b",
    data="#4aa3ff",
    data_fill="#2b3b4b",
    left_side="#5fb6a8",
    right_side="#b791d8",
    axis_x="#ff8080",
    axis_y="#7ed087",
    axis_z="#74b2ff",
    warning="#f0b84a",
    error="#ff7a6e",
)

LIGHT = Roles(
    name="light",
    window="#e6e8eb",
    panel="#f5f6f8",
    raised="#ffffff",
    hover="#e9ebef",
    line="#cfd3d9",
    groove="#cdd2d9",
    canvas="#d4d7db",
    canvas_top="#dadde1",
    canvas_bottom="#cdd0d5",
    text="#1d2025",
    secondary="#5a616c",
    disabled="#9aa0a9",
    handle="#4a515c",
    accent="#f57a26",
    accent_text="#a84a08",
    on_accent="#1b120b",
    data="#1c6fc4",
    data_fill="#cfdff0",
    left_side="#1d7a6b",
    right_side="#7c4fa6",
    axis_x="#b5262b",
    axis_y="#24702f",
    axis_z="#1c5fb0",
    warning="#8a5a00",
    error="#b3261e",
)

THEMES = {roles.name: roles for roles in (DARK, LIGHT)}


def _linear(channel: int) -> float:
    value = channel / 255.0
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0..1 (WCAG 2.2)."""
    red, green, blue = (_linear(int(colour[start : start + 2], 16)) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1..21 (WCAG 2.2)."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)
