"""Session files out: a zip of JSON and npz, the same bytes for the same document."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from studio.flame.model import HeadModel
from studio.session.control_file import CONTROLS, told_of_controls
from studio.session.media_members import MediaWriter
from studio.session.pin_file import PINS, told_of_pins
from studio.session.plain import merged, to_plain
from studio.session.state import AUTOSAVE, FORMAT, SESSION_MEMBER, USUAL, VERSION, Kept, State, places
from studio.session.take_arrays import arrays_of
from studio.storage.archive import add_member
from studio.storage.arrays import npz_bytes
from studio.storage.atomic import write_atomically


def write_session(path: Path, state: State, kept: Kept | None = None) -> None:
    """Write ``state``, and what was ``kept`` of the file that it came from, to ``path``.

    Arrays are stored as they are: packing them would take ten times as long as the disk does.

    Args:
        path: an older file of that name is replaced in one step.
        state: the document's values.
        kept: what the file that it was opened from says beyond them.

    Raises:
        StudioError: it cannot be written; nothing is left half-written.

    """
    write_atomically(path, lambda stream: _write(stream, state, kept or Kept(), {}, path))


def write_autosave(path: Path, state: State, kept: Kept, saved_as: Path | None) -> None:
    """Write a session that says that it is a later state of the one at ``saved_as``, or of none.

    Raises:
        StudioError: as :func:`write_session`.

    """
    told = {AUTOSAVE: {"session": str(saved_as) if saved_as else ""}}
    write_atomically(path, lambda stream: _write(stream, state, kept, told, None))


def _write(stream: IO[bytes], state: State, kept: Kept, extra: Mapping[str, Any], home: Path | None) -> None:
    takes, arrays = [], {}
    for index, (take, place) in enumerate(
        zip(state.takes, places([t.name for t in state.takes]), strict=True)
    ):
        name = f"takes/{index}.npz"
        old = kept.takes.get(place)
        takes.append(merged({"name": take.name, "arrays": name}, dict(old.fields) if old else {}))
        arrays[name] = {**arrays_of(take), **(old.arrays if old else {})}
    media = MediaWriter(home, kept.media)
    told = {**_told(state, kept, media), "takes": takes, **extra}
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=True)
    with zipfile.ZipFile(stream, "w") as archive:
        add_member(archive, SESSION_MEMBER, text.encode("utf-8", "replace"), compress=False)
        for name, values in arrays.items():
            add_member(archive, name, npz_bytes(values, compress=False), compress=False)
        for name, content in media.members.items():
            add_member(archive, name, content, compress=False)
        for name in sorted(kept.members.keys() - arrays.keys() - media.members.keys() - {SESSION_MEMBER}):
            add_member(archive, name, kept.members[name], compress=False)


def _told(state: State, kept: Kept, media: MediaWriter) -> dict[str, Any]:
    """The JSON of everything but the takes."""
    model = _model(state.model)
    theirs = dict(kept.fields)
    old = theirs.get("model")
    if not (isinstance(old, dict) and old.get("digest") == model["digest"]):
        theirs.pop("model", None)
    ours = {
        "format": FORMAT,
        "version": max(VERSION, kept.version),
        "model": model,
        "active": state.active,
        "position": state.position,
        **{name: to_plain(getattr(state, name), media.plain) for name in USUAL},
        "locks": [list(lock) for lock in sorted(state.locks)],
        CONTROLS: told_of_controls(state.controls),
        PINS: told_of_pins(state.pins),
    }
    return merged(ours, theirs)


def _model(model: HeadModel) -> dict[str, Any]:
    """How a model is found again, and what its components are called where it is not."""
    base = model.original
    return {
        "name": base.name,
        "version": base.version,
        "digest": base.digest,
        "path": str(base.source) if base.source else "",
        "variant": {"teeth": model.variant.teeth, "without": sorted(model.variant.without)},
        "shape_names": list(base.shape_names),
        "expression_names": list(base.expression_names),
    }
