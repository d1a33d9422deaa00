"""Shape: who the head is."""

from __future__ import annotations

from studio.panels.basis_panel import BasisPanel
from studio.panels.components_panel import Basis


class ShapePanel(BasisPanel):
    """All shape components of the model."""

    basis = Basis("shape", "Shape", "shape", grouped=False)
