"""The groups of the Look panel that say what falls onto the head."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton

from studio.document.environment_file import coefficients_of, parse_coefficients
from studio.document.lights import CUSTOM, PRESETS, Lamp, Light, preset_name
from studio.document.look import Environment, Look, Shadows
from studio.panels.look_section import LookSection, note, on_button, read_field, say
from studio.storage.errors import StudioError
from studio.widgets.form_row import FormRow
from studio.widgets.slider_scale import SliderScale

_LIGHT, _SHADOWS, _ENVIRONMENT = Light(), Shadows(), Environment()
_LOAD = "Load panorama or coefficients…"
_AMBIENT = SliderScale(
    "Ambient", 0.0, 1.5, _LIGHT.ambient, hard_low=0.0, hard_high=5.0, tip="From all around"
)
_EXPOSURE = SliderScale(
    "Exposure", -3.0, 3.0, 0.0, 2, "EV", hard_low=-10.0, hard_high=10.0, tip="Doubles or halves all light"
)
_TURN = SliderScale("Rotation", -180.0, 180.0, 0.0, 0, "°", tip="About the vertical, towards the head's left")
_STRENGTH = SliderScale("Strength", 0.0, 3.0, _ENVIRONMENT.strength, hard_high=20.0)


def fill_light(section: LookSection) -> None:
    """The preset, the key light, and what concerns all lights."""
    presets = QComboBox()
    for name in PRESETS:
        presets.addItem(name)
    presets.setPlaceholderText(CUSTOM)
    presets.activated.connect(
        lambda index: section.set_field(f"Light {presets.itemText(index)}", "light", _preset(presets, index))
    )
    section.add(
        FormRow("Preset", presets),
        lambda look: presets.setCurrentIndex(presets.findText(preset_name(look.light))),
    )
    _add_lamp(section, "light", "Light", _LIGHT)
    section.add_slider("light.ambient", "Ambient light", _AMBIENT)
    section.add_slider("exposure", "Exposure", _EXPOSURE)
    section.add_reset("Reset light", "light", "exposure")


def _preset(presets: QComboBox, index: int) -> Light:
    return PRESETS[presets.itemText(index)]


def fill_lamp(path: str, name: str) -> Callable[[LookSection], None]:
    """What fills the group of one of the other lamps."""

    def fill(section: LookSection) -> None:
        _add_lamp(section, path, name, read_field(Look(), path))
        section.add_reset(f"Reset {name.lower()}", path)

    return fill


def _add_lamp(section: LookSection, path: str, name: str, usual: Lamp) -> None:
    azimuth, height = (round(math.degrees(angle), 1) for angle in (usual.azimuth, usual.elevation))
    section.add_slider(
        f"{path}.azimuth",
        f"{name} direction",
        SliderScale("Direction", -180.0, 180.0, azimuth, 0, "°", tip="From left or right"),
        angle=True,
    )
    section.add_slider(
        f"{path}.elevation",
        f"{name} height",
        SliderScale("Height", -90.0, 90.0, height, 0, "°", tip="From below or above"),
        angle=True,
    )
    section.add_slider(
        f"{path}.strength",
        f"{name} strength",
        SliderScale("Strength", 0.0, 3.0, round(usual.strength, 3), hard_low=0.0, hard_high=20.0),
    )
    section.add_slider(
        f"{path}.softness",
        f"{name} softness",
        SliderScale("Softness", 0.0, 1.0, usual.softness, tip="From a small hard lamp to a large soft box"),
    )
    section.add_slider(
        f"{path}.kelvin",
        f"{name} temperature",
        SliderScale(
            "Temperature",
            2000.0,
            12000.0,
            usual.kelvin,
            0,
            "K",
            hard_low=1700.0,
            hard_high=25000.0,
            tip="Candle at the left, daylight 6500, blue sky at the right",
        ),
    )
    section.add_colour(f"{path}.tint", "Tint", f"{name} tint")
    section.add_check(
        f"{path}.in_world",
        "Stays with the head",
        "The light stays where it is while the camera turns, instead of going with it",
        f"{name} stays with the head",
    )


def fill_environment(ask: Callable[[], object]) -> Callable[[LookSection], None]:
    """Light from all around out of a file, which ``ask`` asks for and has read, or typed numbers."""
    return partial(_fill_environment, ask=ask)


def _fill_environment(section: LookSection, ask: Callable[[], object]) -> None:
    told = note()
    load = QPushButton(_LOAD)
    field = QLineEdit(placeholderText="9 or 27 numbers")
    field.setToolTip("Spherical harmonics of order 0 to 2 in DECA's order: grey, or red green blue of each")

    def take(look_change: Callable[[], Environment], name: str) -> None:
        try:
            environment = look_change()
        except StudioError as error:
            say(told, str(error))
            return
        say(told, "")
        section.set_field(name, "environment", environment)

    def typed() -> None:
        if field.text().strip():
            take(lambda: Environment(coefficients_of(parse_coefficients(field.text())), ""), "Environment")

    def show(look: Look) -> None:
        environment = look.environment
        load.setText(on_button(environment.name) or _LOAD)
        for widget in controls:
            widget.setEnabled(bool(environment.coefficients))

    load.clicked.connect(lambda: ask())
    field.returnPressed.connect(typed)
    section.add(load, show)
    section.add(FormRow("Coefficients", field))
    section.add(told)
    controls = (
        section.add_slider("environment.strength", "Environment strength", _STRENGTH),
        section.add_slider("environment.rotation", "Environment rotation", _TURN, angle=True),
    )
    section.group.add_action(
        "remove",
        lambda: section.set_field("Remove environment", "environment", Environment()),
        "Remove the light from all around",
    )


def fill_shadows(section: LookSection) -> None:
    """How dark shadows are."""
    section.add_slider(
        "shadows.key",
        "Key light's shadow",
        SliderScale("Of the key light", 0.0, 1.0, _SHADOWS.key, tip="Where the head stands before it"),
    )
    section.add_slider(
        "shadows.ambient",
        "Shade in hollows",
        SliderScale("In hollows", 0.0, 1.0, _SHADOWS.ambient, tip="Of the light from all around"),
    )
    section.add_reset("Reset shadows", "shadows")
