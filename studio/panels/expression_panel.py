"""Components: what the face does, by the basis of its model."""

from __future__ import annotations

from studio.panels.basis_panel import BasisPanel
from studio.panels.components_panel import Basis


class ExpressionPanel(BasisPanel):
    """All expression components of the model, by part of the face where their names tell it."""

    basis = Basis("expr", "Expression", "expression", grouped=True)
