"""Which heads a sheet of components shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from studio.controls.correctives import settle
from studio.controls.titles import component_titles
from studio.document.look import Look, Texture
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.flame.textures import source_called
from studio.storage.errors import StudioError

Subject = Literal["texture", "shape", "expression"]
SUBJECTS: tuple[Subject, ...] = get_args(Subject)
UNIT = 1.0  # an end of the range that is not beyond this is a unit's, not a number of deviations

_NOUNS = {"texture": "Texture", "shape": "Shape", "expression": "Expression"}
_FIELDS = {"shape": "shape", "expression": "expr"}


@dataclass(frozen=True, eq=False)
class Cell:
    """One head: what stands under it, its parameters and its look."""

    caption: str
    params: Params
    look: Look


@dataclass(frozen=True, eq=False)
class Row:
    """One component at low, middle and high."""

    title: str
    cells: tuple[Cell, ...]


def plan_rows(
    model: HeadModel, subject: Subject, count: int, sigma: float, params: Params, look: Look
) -> tuple[Row, ...]:
    """The first ``count`` components, or as many as there are, each at -``sigma``, 0 and ``sigma``.

    Coefficients stay within the range of their component; one that begins at 0 is shown at 0, half
    way and high. All others are as in ``params`` and ``look``.

    Raises:
        StudioError: the model has no such components, or ``count`` or ``sigma`` make no sense.

    """
    if count < 1 or not 0.0 < sigma <= 10.0:
        raise StudioError(
            f"A sheet needs 1 component or more, at 0 to 10 deviations, not {count} at {sigma:g}."
        )
    ranges, names = _components(model, subject, look)
    if not len(ranges):
        raise StudioError(f"{model.name} has no {subject} components; choose another sheet or head model.")
    titles = component_titles(names, len(ranges), _NOUNS[subject])
    rows = []
    for index, (low, high) in enumerate(ranges[:count]):
        values = _values(float(low), float(high), sigma)
        captions = [_caption(value, float(high)) for value in values]
        cells = (
            Cell(caption, *_set(model, subject, index, value, params, look))
            for value, caption in zip(values, captions, strict=True)
        )
        rows.append(Row(titles[index], tuple(cells)))
    return tuple(rows)


def component_count(model: HeadModel, subject: Subject, look: Look) -> int:
    """How many components there are to show; 0 for a head without a texture model."""
    if subject == "texture":
        source = source_called(model, look.texture.key)
        return source.count if source else 0
    return model.shape_count if subject == "shape" else model.expression_count


def _components(
    model: HeadModel, subject: Subject, look: Look
) -> tuple[Sequence[Sequence[float]] | np.ndarray, tuple[str, ...]]:
    """Ranges (N, 2) and names of the components."""
    if subject == "shape":
        return model.shape_ranges, model.shape_names
    if subject == "expression":
        return model.expression_ranges, model.expression_names
    source = source_called(model, look.texture.key)
    if source is None:
        raise StudioError(
            f"{model.name} has no texture model in use, so there is no sheet of one; "
            "choose a texture, or put FLAME_texture.npz into the model folder."
        )
    return source.ranges, source.names


def _values(low: float, high: float, sigma: float) -> tuple[float, float, float]:
    top = high if high <= UNIT else min(sigma, high)
    return (0.0, top / 2.0, top) if low >= 0.0 else (max(-sigma, low), 0.0, top)


def _caption(value: float, high: float) -> str:
    if high <= UNIT or not value:
        return f"{value:g}"
    return f"{value:+g} SD"


def _set(
    model: HeadModel, subject: Subject, index: int, value: float, params: Params, look: Look
) -> tuple[Params, Look]:
    if subject == "texture":
        source = source_called(model, look.texture.key)
        assert source is not None
        known = look.texture.coefficients if look.texture.key == source.key else ()
        coefficients = np.zeros(source.count)
        coefficients[: len(known)] = known[: source.count]
        coefficients[index] = value
        return params, replace(look, texture=Texture(source.key, tuple(coefficients.tolist())))
    values = np.array(getattr(params, _FIELDS[subject]))
    values[index] = value
    changed = params.replace(**{_FIELDS[subject]: values})
    return settle(model, changed, "expr" if subject == "expression" else "shape"), look
