"""The panels out of sight when the window opens: each is loaded, made and connected when first seen."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.component_pictures import ComponentPictures
    from studio.panels.appearance_panel import AppearancePanel
    from studio.panels.compare_panel import ComparePanel
    from studio.panels.console_panel import ConsolePanel
    from studio.panels.export_panel import ExportPanel
    from studio.panels.expression_panel import ExpressionPanel
    from studio.panels.fit_panel import FitPanel
    from studio.panels.history_panel import HistoryPanel
    from studio.panels.layers_panel import LayersPanel
    from studio.panels.live_panel import LivePanel
    from studio.panels.look_panel import LookPanel
    from studio.panels.pose_panel import PosePanel
    from studio.panels.shape_panel import ShapePanel
    from studio.scripted_window import WindowStudio
    from studio.window import StudioWindow


class LatePanels:
    """Makes each panel at its first use, wired to ``window``."""

    def __init__(self, window: StudioWindow) -> None:
        self._window = window

    @cached_property
    def shape(self) -> ShapePanel:
        """Components of the identity."""
        from studio.panels.shape_panel import ShapePanel

        panel = ShapePanel(self._window.document, self._window.push, self._pictures)
        panel.sheet_asked.connect(self._window.exports.sheet)
        return panel

    @cached_property
    def components(self) -> ExpressionPanel:
        """Components of the expression."""
        from studio.panels.expression_panel import ExpressionPanel

        panel = ExpressionPanel(self._window.document, self._window.push, self._pictures)
        panel.sheet_asked.connect(self._window.exports.sheet)
        return panel

    @cached_property
    def pose(self) -> PosePanel:
        """Joints and place."""
        from studio.panels.pose_panel import PosePanel

        return PosePanel(self._window.document, self._window.push)

    @cached_property
    def appearance(self) -> AppearancePanel:
        """Components of the texture."""
        from studio.panels.appearance_panel import AppearancePanel

        panel = AppearancePanel(self._window.document, self._window.push)
        panel.sheet_asked.connect(self._window.exports.sheet)
        return panel

    @cached_property
    def look(self) -> LookPanel:
        """Shading, light and background."""
        from studio.panels.look_panel import LookPanel

        panel = LookPanel(self._window.document, self._window.push)
        panel.environment_asked.connect(self._window.files.ask_environment)
        return panel

    @cached_property
    def layers(self) -> LayersPanel:
        """Layers over the take."""
        from studio.panels.layers_panel import LayersPanel

        panel = LayersPanel(self._window.document, self._window.push)
        panel.reduce_asked.connect(self._window.reducing.ask)
        return panel

    @cached_property
    def export(self) -> ExportPanel:
        """What is written as files, and how."""
        from studio.panels.export_panel import ExportPanel

        panel = ExportPanel(self._window.document, self._window.push)
        self._window.exports.connect(panel)
        return panel

    @cached_property
    def compare(self) -> ComparePanel:
        """Another head beside this one, and measurements."""
        from studio.panels.compare_panel import ComparePanel

        panel = ComparePanel(self._window.document, self._window.push)
        self._window.comparing.connect_panel(panel)
        return panel

    @cached_property
    def live(self) -> LivePanel:
        """The head driven live."""
        from studio.panels.live_panel import LivePanel

        panel = LivePanel(self._window.document, self._window.push)
        self._window.driving.connect_panel(panel)
        return panel

    @cached_property
    def fit(self) -> FitPanel:
        """The head fitted to a photo."""
        from studio.panels.fit_panel import FitPanel

        panel = FitPanel(self._window.document, self._window.push)
        panel.built.connect(lambda: self._window.photos.connect_group(panel.photo))
        self._window.fitting.connect_panel(panel)
        return panel

    @cached_property
    def history(self) -> HistoryPanel:
        """Every step by name."""
        from studio.panels.history_panel import HistoryPanel

        return HistoryPanel(self._window.history.stack, self._window.copies)

    @cached_property
    def console(self) -> ConsolePanel:
        """The window as Python."""
        from studio.panels.console_panel import ConsolePanel

        window = self._window
        return ConsolePanel(window.document, window.push, self._scripted, window.settings.console_history)

    def _scripted(self) -> WindowStudio:
        from studio.scripted_window import WindowStudio

        return WindowStudio(self._window)

    @cached_property
    def _pictures(self) -> ComponentPictures:
        from studio.component_pictures import ComponentPictures

        return ComponentPictures(self._window.document, self._window)

    @property
    def typed(self) -> list[str]:
        """What was typed into the console, also at earlier starts, the last one last."""
        made = "console" in vars(self)
        return self.console.typed if made else self._window.settings.console_history

    def close(self) -> None:
        """Make no more pictures."""
        if "_pictures" in vars(self):
            self._pictures.close()
