"""Look: surface, light, shadows, background, overlays, caption, lens and mesh."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import Signal

from studio.document.camera import Camera
from studio.document.document import Document
from studio.document.lens import set_field_of_view, set_orthographic
from studio.document.lens import with_field_of_view as with_field_of_view
from studio.panels.look_light import fill_environment, fill_lamp, fill_light, fill_shadows
from studio.panels.look_scenery import Overlays, fill_background, fill_caption
from studio.panels.look_section import LookSection
from studio.panels.look_surface import fill_eyes, fill_surface
from studio.panels.mesh_groups import MeshGroups
from studio.panels.panel import Panel, Push
from studio.widgets.group import Group
from studio.widgets.scroll_panel import ScrollPanel
from studio.widgets.segmented import Segmented
from studio.widgets.slider_row import SliderRow
from studio.widgets.slider_scale import SliderScale

_LENS = SliderScale(
    "Field of view",
    5.0,
    90.0,
    round(math.degrees(Camera().field_of_view), 1),
    1,
    "°",
    hard_low=1.0,
    hard_high=140.0,
    tip="The head keeps its size",
)


class LookPanel(Panel):
    """How the head is drawn, in the window and in pictures."""

    shows = frozenset({"look", "camera", "model"})

    environment_asked = Signal()  # a file with light from all around

    def __init__(self, document: Document, push: Push) -> None:
        super().__init__(document, push)
        self._sections: list[LookSection] = []

    def build(self) -> None:
        """The groups; those that are folded make their rows when they are unfolded."""
        scroll = ScrollPanel()
        self._mesh = MeshGroups(self._document, self._push)
        self._overlays = Overlays(self._document)
        self._sections = [
            self._section("Surface", fill_surface, True),
            self._section("Light", fill_light, True),
            self._section("Fill light", fill_lamp("light.fill", "Fill light")),
            self._section("Rim light", fill_lamp("light.rim", "Rim light")),
            self._section("Environment", fill_environment(self.environment_asked.emit)),
            self._section("Shadows", fill_shadows),
            self._section("Eyes", fill_eyes),
            self._section("Background", fill_background, True),
            self._section("Overlays", self._overlays.fill, True),
            self._section("Caption", fill_caption),
        ]
        for group in (section.group for section in self._sections):
            scroll.add(group)
        for group in (self._lens(), self._mesh.mesh, self._mesh.parts):
            scroll.add(group)
        self._layout.addWidget(scroll, 1)

    def _section(
        self, title: str, fill: Callable[[LookSection], None], unfolded: bool = False
    ) -> LookSection:
        return LookSection(title, self._document, self._push, fill, unfolded)

    def _lens(self) -> Group:
        self._projection = Segmented(["Perspective", "Orthographic"])
        self._projection.chosen.connect(
            lambda index: self._push(set_orthographic(self._document, index == 1))
        )
        self._field_of_view = SliderRow(_LENS)
        self._field_of_view.value_changed.connect(
            lambda value, gesture: self._push(set_field_of_view(self._document, math.radians(value), gesture))
        )
        group = Group("Lens")
        group.add(self._projection)
        group.add(self._field_of_view)
        return group

    def show_document(self, names: frozenset[str]) -> None:
        """Show look, camera and the model's mesh."""
        if "model" in names:
            self._mesh.show_model()
            self._overlays.landmark_set.offer(self._document.model)
        if names & {"look", "model"}:
            for section in self._sections:
                section.show(self._document.look)
        camera = self._document.camera
        self._projection.set_current(int(camera.orthographic))
        self._field_of_view.set_value(round(math.degrees(camera.field_of_view), 2))
        self._field_of_view.setEnabled(not camera.orthographic)
