"""A session on a head model: its own where it is found, else the one at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from studio.document.carry import carried_without
from studio.document.control_state import ControlState
from studio.document.locks import Locks, locks_by_name
from studio.document.media import is_elsewhere
from studio.document.take import Take
from studio.flame.folders import model_folders
from studio.flame.model import HeadModel
from studio.flame.offsets import fits, fitted
from studio.flame.open_head import OPEN_HEAD
from studio.flame.params import FloatArray
from studio.flame.variants import make_variant
from studio.sequence.vertex_rows import VertexRows
from studio.session.reading import read_session
from studio.session.state import Kept, Origin, Session, State
from studio.storage.errors import DamagedFileError, StudioError


@dataclass(frozen=True, eq=False)
class Opened:
    """A session that can be shown."""

    state: State
    kept: Kept
    notices: tuple[str, ...]
    path: Path | None  # where it is to be saved; None: nowhere yet
    is_whole: bool = True  # False: its file holds more, so it must not be saved over


def open_session(path: Path, loaded: Iterable[HeadModel], at_hand: HeadModel) -> Opened:
    """The session at ``path`` on its own model, or on ``at_hand`` where that is not found.

    Args:
        path: a session file, or an autosave of one.
        loaded: models that are in memory already.
        at_hand: the model to show it on otherwise.

    Raises:
        StudioError: as :func:`studio.session.reading.read_session`, or it does not fit its own model.

    """
    session = read_session(path)
    model = find_model(session.origin, path, loaded)
    if model is None:
        takes, notice = carried_without(session.takes, session.origin, at_hand)
        notices = (*session.notices, notice)
        locks = locks_by_name(session.locks, session.origin, at_hand)
        state = _state(replace(session, pins=()), at_hand, takes, locks, ControlState())
        return Opened(state, session.kept, notices, None, is_whole=False)
    model, told = _variant(model, session)
    takes = tuple(_checked(take, model, session, told) for take in session.takes)
    session = _with_pins_on(model, session, told)
    # An autosave is never saved over; what it is a later state of may be, also after it was moved away.
    home = session.saved_as if session.is_autosave else path
    notices = (*session.notices, *dict.fromkeys(told))
    state = _state(session, model, takes, session.locks, session.controls)
    return Opened(state, session.kept, notices, None if told else home, is_whole=not told)


def find_model(origin: Origin, path: Path, loaded: Iterable[HeadModel]) -> HeadModel | None:
    """The model with the digest of ``origin``: in memory, where it was, beside ``path``, in the folders."""
    # Readers of model files are not needed for the window to stand.
    from studio.flame.reading import model_files, read_model
    from studio.flame.tables import digest_of

    for model in loaded:
        if model.original.digest == origin.digest:
            return model.original
    for source in (*_hints(origin, path), OPEN_HEAD, *model_files(model_folders())):
        with suppress(StudioError, OSError, ValueError):
            if source.exists() and digest_of(source) == origin.digest:
                return read_model(source)
    return None


def _hints(origin: Origin, path: Path) -> Iterator[Path]:
    """Where the file itself says that its model is; never on another computer, which would be called."""
    if not origin.source or is_elsewhere(origin.source):
        return
    yield Path(origin.source)
    name = PurePath(origin.source.replace("\\", "/")).name
    if name:
        yield path.parent / name


def _variant(model: HeadModel, session: Session) -> tuple[HeadModel, list[str]]:
    try:
        return make_variant(model, session.origin.variant), []
    except StudioError as error:
        return model, [f"{session.path.name} is shown without its teeth or hidden parts: {error}"]


def _checked(take: Take, model: HeadModel, session: Session, notices: list[str]) -> Take:
    """``take`` of a session for just this model; its vertex offsets for just this mesh."""
    sizes = len(take.clip.shape), take.clip.expr.shape[1]
    if sizes != (model.shape_count, model.expression_count):
        raise DamagedFileError(
            f"{session.path.name} is damaged: {take.name} has {sizes[0]} shape and {sizes[1]} expression "
            f"components, {model.name} {model.shape_count} and {model.expression_count}."
        )

    moving = take.clip.dynamic_offset
    if isinstance(moving, VertexRows) and moving.missing:
        notices.append(f"The vertices of {take.name} are missing, so it stands still: {moving.missing}")

    def placed(offset: FloatArray | None) -> FloatArray | None:
        if offset is None or offset.shape[-2] == model.vertex_count:
            return offset
        if fits(offset.shape[-2], model):
            return fitted(offset, model)
        notices.append(f"Vertex offsets in {session.path.name} are for another mesh and were left out.")
        return None

    clip = take.clip.replace(
        static_offset=placed(take.clip.static_offset), dynamic_offset=placed(take.clip.dynamic_offset)
    )
    return replace(
        take, clip=clip, offset=take.offset.replace(vertex_offset=placed(take.offset.vertex_offset))
    )


def _with_pins_on(model: HeadModel, session: Session, notices: list[str]) -> Session:
    """``session`` with those of its pins whose vertices ``model`` has."""
    pins = tuple(entry for entry in session.pins if entry.handle.fits(model))
    if len(pins) < len(session.pins):
        notices.append(f"Pins in {session.path.name} are for another mesh and were left out.")
    return replace(session, pins=pins)


def _state(
    session: Session, model: HeadModel, takes: tuple[Take, ...], locks: Locks, controls: ControlState
) -> State:
    return State(
        model=model,
        takes=takes,
        active=session.active,
        position=session.position,
        locks=locks,
        controls=controls,
        pins=session.pins,
        **session.settings,
    )
