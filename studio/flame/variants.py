"""Variants of a head model: with teeth, without some of its parts."""

from __future__ import annotations

from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np

from studio.flame.model import HeadModel, Variant
from studio.flame.parts import without_parts
from studio.flame.teeth import with_teeth

_toothed: WeakKeyDictionary[HeadModel, HeadModel] = WeakKeyDictionary()


def make_variant(model: HeadModel, variant: Variant) -> HeadModel:
    """The ``variant`` of the model that ``model`` is, or is a variant of.

    Parameters and landmarks mean the same on all of them. Teeth are worked out once for each model.

    Raises:
        StudioError: it cannot have teeth, or has no such regions, or nothing would be left.

    """
    base = model.original
    if variant == base.variant:
        return base
    made = base
    if variant.teeth:
        if base not in _toothed:
            _toothed[base] = with_teeth(base)
        made = _toothed[base]
    if variant.without:
        made = without_parts(made, variant.without)
    return replace(made, variant=variant, base=base)


def removable_parts(model: HeadModel) -> tuple[str, ...]:
    """The regions of ``model`` that hold all corners of some face, by name: those that can be left out."""
    whole = make_variant(model, replace(model.variant, without=frozenset()))
    parts = []
    for name in sorted(whole.regions):
        inside = np.zeros(whole.vertex_count, dtype=bool)
        inside[whole.regions[name]] = True
        if inside[whole.faces].all(axis=1).any():
            parts.append(name)
    return tuple(parts)
