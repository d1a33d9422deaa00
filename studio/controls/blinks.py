"""Eyelids and the blinks of an expression basis, which close the same eye: together they close it once."""

from __future__ import annotations

from studio.flame.eyelids import NAMES
from studio.flame.model import HeadModel
from studio.flame.params import Params


def close_once(model: HeadModel, params: Params, lead: str) -> Params:
    """``params`` in which the blink and the eyelid of a side add up to one at most.

    The one that the user did not move gives way: with ``lead`` "expr" the eyelid, with "eyelids" the
    blink; with any other nothing changes. On models that do not name their blinks nothing is known
    of them, and they add up.
    """
    if lead not in ("expr", "eyelids") or model.eyelids is None:
        return params
    expr, eyelids = params.expr.copy(), params.eyelids.copy()
    for side, name in enumerate(NAMES):
        if name not in model.expression_names:
            continue
        index = model.expression_names.index(name)
        blink, lid = float(expr[index]), float(eyelids[side])
        excess = blink + lid - 1.0
        if excess <= 0.0 or blink <= 0.0 or lid <= 0.0:
            continue
        if lead == "expr":
            eyelids[side] = max(lid - excess, 0.0)
        else:
            expr[index] = max(blink - excess, 0.0)
    return params.replace(expr=expr, eyelids=eyelids)
