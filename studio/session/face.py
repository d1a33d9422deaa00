"""One face out of a file of any kind that holds one, on the model in use."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from studio.controls.captured import on_model
from studio.controls.preset_file import read_preset
from studio.controls.presets import posed, told_of
from studio.document.carry import carried_over
from studio.flame.mesh_heads import MESH_FILES, read_mesh_head
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.sequence.files import is_clip, read_recording
from studio.session.on_model import open_session
from studio.storage.errors import StudioError
from studio.storage.kind import sniff


def read_head(path: Path, model: HeadModel, loaded: Iterable[HeadModel]) -> tuple[Params, tuple[str, ...]]:
    """As :func:`read_face`, and also heads in mesh files that have the vertices of ``model``.

    Raises:
        StudioError: it cannot be read, or holds no head of the model.

    """
    if path.suffix.lower() in MESH_FILES:
        return read_mesh_head(path, model)
    return read_face(path, model, loaded)


def read_face(path: Path, model: HeadModel, loaded: Iterable[HeadModel]) -> tuple[Params, tuple[str, ...]]:
    """The face in the session, clip or pose at ``path`` on ``model``, and sentences on what is not as there.

    A session has the one at its time cursor, a clip its first frame, a pose is put on the neutral head.

    Args:
        path: the file.
        model: on which the face is wanted.
        loaded: models that are in memory already.

    Raises:
        StudioError: it cannot be read, or holds no face.

    """
    kind = sniff(path)
    if kind.container == "pose":
        preset = read_preset(path)
        told = told_of(preset, model)
        return posed(preset, model, Params.neutral(model)), (told,) if told else ()
    if kind.container == "session":
        state = open_session(path, loaded, model.original).state
        takes, notice = carried_over(state.takes, state.model, model)
        return takes[state.active].params(state.position), (notice,) if notice else ()
    if is_clip(path, kind):
        clip, notices = on_model(read_recording(path), model, path.name)
        return clip.frame(0), tuple(notices)
    raise StudioError(
        f"{path.name} is {kind.title}, which holds no face; choose a session, a clip or a pose."
    )
