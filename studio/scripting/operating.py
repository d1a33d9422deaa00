"""Operations on clips for scripts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.scripting.naming import model_called
from studio.sequence.clip import Clip
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from studio.operations.row import Desk
    from studio.scripting.studio import Studio


def operate(
    studio: Studio, name: str, span: tuple[int, int] | None, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """Do the operation ``name`` to the active take, and tell its facts.

    Where nothing changes, there is no step, and ``changed`` among the facts is False.

    Raises:
        StudioError: there is no such operation, or it cannot be done so.

    """
    from studio.operations import running, takes
    from studio.operations.table import operation_called

    document, operation = studio.document, operation_called(name)
    if not operation.in_window:
        raise StudioError(f"{operation.title} is done to a take by use_model().")
    frames = None if span is None else _checked_span(span)
    clip = takes.worked_on(operation, document.take).clip
    outcome = running.operate(operation, clip, settings, desk_of(studio), frames)
    command = takes.step_of(document, operation, outcome, settings, frames)
    studio.push(command)
    studio.notices += outcome.notices
    return {**outcome.facts, "changed": False} if command.changes_nothing else dict(outcome.facts)


def desk_of(studio: Studio) -> Desk:
    """What operations work with in a script."""
    from studio.operations.row import Desk

    return Desk(
        studio.model,
        lambda: studio.backend,
        lambda name: _clip_called(studio, name),
        model_called,
    )


def _checked_span(span: object) -> tuple[int, int]:
    if not isinstance(span, tuple | list) or len(span) != 2 or not all(isinstance(end, int) for end in span):
        raise StudioError(f"A span is the first and the last frame, such as (0, 24), not {span!r}.")
    return span[0], span[1]


def _clip_called(studio: Studio, name: str) -> Clip:
    """The clip of the take ``name``, else of the file.

    Raises:
        StudioError: there is neither.

    """
    from studio.controls.captured import on_model
    from studio.operations.takes import other_clip
    from studio.sequence.files import read_clip

    found = other_clip(studio.document.takes, name)
    if found is not None:
        return found
    if not name or not Path(name).exists():
        names = ", ".join(repr(take.name) for take in studio.document.takes)
        raise StudioError(f"There is neither a take nor a file called {name!r}; takes are {names}.")
    clip, notices = read_clip(Path(name), studio.model, adapt=on_model)
    studio.notices += notices
    return clip
