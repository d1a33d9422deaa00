"""Shape: who the head is."""

from __future__ import annotations

from studio.panels.components_panel import Basis, ComponentsPanel


class ShapePanel(ComponentsPanel):
    """All shape components of the model."""

    basis = Basis("shape", "Shape", "shape", grouped=False)
