"""Look: shading, light, colours, overlays, lens and mesh."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox

from studio.document.camera import Camera
from studio.document.commands import set_look
from studio.document.document import Document
from studio.document.look import MODES, Light, Look
from studio.panels.landmark_set_box import LandmarkSetBox
from studio.panels.mesh_groups import MeshGroups
from studio.panels.panel import Panel, Push
from studio.panels.words import MODE_TITLES
from studio.widgets.colour_button import ColourButton
from studio.widgets.form_row import FormRow
from studio.widgets.group import Group
from studio.widgets.scroll_panel import ScrollPanel
from studio.widgets.segmented import Segmented
from studio.widgets.slider_row import SliderRow
from studio.widgets.slider_scale import SliderScale

_LIGHT, _LOOK, _CAMERA = Light(), Look(), Camera()


def _angle(label: str, reach: float, neutral: float, tip: str) -> SliderScale:
    return SliderScale(label, -reach, reach, round(math.degrees(neutral), 1), 0, "°", tip=tip)


_LIGHT_ROWS: tuple[tuple[str, str, SliderScale], ...] = (
    (
        "azimuth",
        "Light direction",
        _angle("Direction", 180.0, _LIGHT.azimuth, "From left or right"),
    ),
    (
        "elevation",
        "Light height",
        _angle("Height", 90.0, _LIGHT.elevation, "From below or above"),
    ),
    (
        "strength",
        "Light strength",
        SliderScale("Strength", 0.0, 3.0, _LIGHT.strength, hard_low=0.0, hard_high=20.0),
    ),
    (
        "ambient",
        "Ambient light",
        SliderScale("Ambient", 0.0, 1.5, _LIGHT.ambient, hard_low=0.0, hard_high=5.0, tip="From all around"),
    ),
)
_ANGLES = ("azimuth", "elevation")
_CHECKS = (
    ("show_landmarks", "Landmarks", "Show the landmarks"),
    ("show_landmark_numbers", "Landmark numbers", "Write each landmark's number beside it"),
    ("show_joints", "Joints", "Show the joints"),
)
_LENS = SliderScale(
    "Field of view",
    5.0,
    90.0,
    round(math.degrees(_CAMERA.field_of_view), 1),
    1,
    "°",
    hard_low=1.0,
    hard_high=140.0,
    tip="The head keeps its size",
)


def with_field_of_view(camera: Camera, radians: float) -> Camera:
    """``camera`` with another field of view, moved so that the target keeps its size in the picture."""
    height = camera.distance * math.tan(camera.field_of_view / 2.0)
    return camera.replace(field_of_view=radians, distance=height / math.tan(radians / 2.0))


class LookPanel(Panel):
    """How the head is drawn, in the window and in pictures."""

    shows = frozenset({"look", "camera", "model"})

    def __init__(self, document: Document, push: Push) -> None:
        super().__init__(document, push)
        self._lights: dict[str, SliderRow] = {}
        self._checks: dict[str, QCheckBox] = {}
        self._colours: dict[str, ColourButton] = {}

    def build(self) -> None:
        """Groups for surface, light, overlays, lens and mesh."""
        scroll = ScrollPanel()
        self._mesh = MeshGroups(self._document, self._push)
        groups = (self._surface(), self._light(), self._overlays(), self._lens())
        for group in (*groups, self._mesh.mesh, self._mesh.parts):
            scroll.add(group)
        self._layout.addWidget(scroll, 1)

    def _surface(self) -> Group:
        self._mode = QComboBox()
        for mode in MODES:
            self._mode.addItem(MODE_TITLES[mode], mode)
        self._mode.activated.connect(lambda index: self._set("Shading", mode=self._mode.itemData(index)))
        group = Group("Surface")
        group.add(FormRow("Shading", self._mode))
        group.add(FormRow("Clay colour", self._colour("clay", "Clay colour")))
        group.add(FormRow("Background", self._colour("background", "Background")))
        group.add(self._check("subdivide", "Smooth surface", "Draw a finer surface than the model's own"))
        group.add_action("reset", self._reset_surface, "Reset surface")
        return group

    def _light(self) -> Group:
        group = Group("Light")
        group.add_action("reset", lambda: self._set("Reset light", light=_LIGHT), "Reset light")
        for field, name, scale in _LIGHT_ROWS:
            row = SliderRow(scale)
            row.value_changed.connect(
                lambda value, gesture, f=field, n=name: self._set_light(n, f, value, gesture)
            )
            self._lights[field] = row
            group.add(row)
        return group

    def _overlays(self) -> Group:
        self._landmark_set = LandmarkSetBox()
        self._landmark_set.chosen.connect(lambda name: self._set("Landmark set", landmark_set=name))
        landmarks, numbers, joints = (self._check(field, title, tip) for field, title, tip in _CHECKS)
        group = Group("Overlays")
        for widget in (landmarks, FormRow("Landmark set", self._landmark_set), numbers, joints):
            group.add(widget)
        return group

    def _lens(self) -> Group:
        self._projection = Segmented(["Perspective", "Orthographic"])
        self._projection.chosen.connect(
            lambda index: self._document.set(camera=self._document.camera.replace(orthographic=index == 1))
        )
        self._field_of_view = SliderRow(_LENS)
        self._field_of_view.value_changed.connect(lambda value, _gesture: self._set_field_of_view(value))
        group = Group("Lens")
        group.add(self._projection)
        group.add(self._field_of_view)
        return group

    def _colour(self, field: str, title: str) -> ColourButton:
        button = ColourButton(title)
        button.colour_changed.connect(lambda colour, gesture: self._set(title, gesture, **{field: colour}))
        self._colours[field] = button
        return button

    def _check(self, field: str, title: str, tip: str) -> QCheckBox:
        box = QCheckBox(title)
        box.setToolTip(tip)
        box.clicked.connect(lambda checked: self._set(title, **{field: checked}))
        self._checks[field] = box
        return box

    def _set(self, name: str, gesture: int | None = None, **changes: Any) -> None:
        self._push(set_look(self._document, name, self._document.look.replace(**changes), gesture))

    def _set_light(self, name: str, field: str, value: float, gesture: int | None) -> None:
        amount = math.radians(value) if field in _ANGLES else value
        self._set(name, gesture, light=self._document.look.light.replace(**{field: amount}))

    def _set_field_of_view(self, degrees: float) -> None:
        self._document.set(camera=with_field_of_view(self._document.camera, math.radians(degrees)))

    def _reset_surface(self) -> None:
        same = {name: getattr(_LOOK, name) for name in ("mode", "clay", "background", "subdivide")}
        self._set("Reset surface", **same)

    def show_document(self, names: frozenset[str]) -> None:
        """Show look, camera and the model's mesh."""
        if "model" in names:
            self._mesh.show_model()
            self._landmark_set.offer(self._document.model)
        if names & {"look", "model"}:
            self._show_look(self._document.look)
        camera = self._document.camera
        self._projection.set_current(int(camera.orthographic))
        self._field_of_view.set_value(round(math.degrees(camera.field_of_view), 2))
        self._field_of_view.setEnabled(not camera.orthographic)

    def _show_look(self, look: Look) -> None:
        self._mode.setCurrentIndex(self._mode.findData(look.mode))
        for field, box in self._checks.items():
            box.setChecked(getattr(look, field))
        self._landmark_set.show_set(self._document.model, look.landmark_set, look.show_landmarks)
        self._checks["show_landmark_numbers"].setEnabled(look.show_landmarks)
        for field, button in self._colours.items():
            button.set_colour(getattr(look, field))
        for field, row in self._lights.items():
            value = getattr(look.light, field)
            row.set_value(round(math.degrees(value) if field in _ANGLES else value, 4))
