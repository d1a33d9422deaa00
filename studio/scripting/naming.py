"""Components, settings and models by the names that people write."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path

from studio.controls.titles import component_titles, sentence
from studio.flame.model import HeadModel
from studio.flame.open_head import OPEN_HEAD
from studio.flame.params import VECTORS
from studio.storage.errors import StudioError

OPEN_HEAD_NAME = "open_head"

Which = int | str


def one_of(name: str, known: Iterable[str], what: str) -> str:
    """``name``, if it is one of ``known``.

    Raises:
        StudioError: it is not; the sentence names what comes close.

    """
    known = list(known)
    if name in known:
        return name
    close = difflib.get_close_matches(name, known, 1)
    if not close and len(known) > 20:
        raise StudioError(f"There is no {what} called {name!r}.")
    meant = f"did you mean {close[0]!r}?" if close else f"there is {', '.join(known)}."
    raise StudioError(f"There is no {what} called {name!r}; {meant}")


def names_of(model: HeadModel, field: str) -> tuple[str, ...]:
    """What the components of the parameter ``field`` are called; empty where they have numbers alone.

    Raises:
        StudioError: there is no such parameter.

    """
    one_of(field, VECTORS, "parameter")
    return {"shape": model.shape_names, "expr": model.expression_names}.get(field, ())


def index_of(model: HeadModel, field: str, which: Which, count: int) -> int:
    """The place from 0 of the component ``which``, by its name or its place.

    Raises:
        StudioError: there is no such parameter or component.

    """
    names = names_of(model, field)
    if isinstance(which, str):
        if not names:
            raise StudioError(f"The components of {field} have no names here; give a number from 0.")
        return names.index(one_of(which, names, f"component of {field}"))
    if not 0 <= which < count:
        raise StudioError(f"{field} has components 0 to {count - 1}, not {which}.")
    return int(which)


def title_of(model: HeadModel, field: str, indices: Sequence[int], count: int) -> str:
    """What a step that moves the components ``indices`` of ``field`` is called."""
    if len(indices) != 1:
        return sentence(field)
    return component_titles(names_of(model, field), count, sentence(field))[indices[0]]


def key_of(model: HeadModel, field: str, index: int) -> Which:
    """The name of component ``index`` of ``field``, its place where it has none of its own."""
    names = names_of(model, field)
    name = names[index] if index < len(names) else ""
    return name if name and names.count(name) == 1 else index


def model_name(model: HeadModel) -> str:
    """What :func:`model_called` finds ``model`` by; empty where it came from no file."""
    source = model.original.source
    if source is None:
        return ""
    return OPEN_HEAD_NAME if source == OPEN_HEAD else str(source)


def model_called(name: str | Path) -> HeadModel:
    """The head model in the file ``name``, the studio's own for ``"open_head"``.

    Raises:
        StudioError: it cannot be read.

    """
    # Readers of model files are not needed for the window to stand.
    from studio.flame.files import load_model
    from studio.flame.open_head import load_open_head

    return load_open_head() if str(name) == OPEN_HEAD_NAME else load_model(name)
