"""Files of surfaces: rows of vertices, dumps of speech models, neutral heads of subjects."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.flame.params import FIELD_WIDTHS
from studio.sequence.codes import MESH_KEYS, flattened
from studio.sequence.keys import RATES
from studio.sequence.layout import STATED, Recording
from studio.sequence.offsets import Offsets
from studio.sequence.readers import Reader, RecordingReader
from studio.sequence.report import Dropped, ImportReport, Taken
from studio.sequence.surface_clips import Surfaces
from studio.sequence.vertex_files import FPS, RATE, TEMPLATES, Scale, subject_of, templates_in, vertex_shape
from studio.sequence.vertex_rows import VertexRows
from studio.storage.errors import StudioError
from studio.storage.kind import sniff
from studio.storage.restricted_pickle import read_pickle
from studio.storage.tables import Table, npy_table, npz_table

VERTEX_NAMES = ("vertices", "verts", "vertice", "prediction")


def heads_recording(heads: Mapping[str, NDArray], label: str) -> Recording:
    """A frame for each subject's neutral head."""
    names = sorted(heads)
    rows = np.stack([heads[name] for name in names])
    scale = Scale.of(rows[0], label)
    surfaces = _in_memory(rows, scale)
    note = "The frames are the heads of " + ", ".join(names[:20]) + (", …." if len(names) > 20 else ".")
    report = ImportReport(
        label, "neutral heads of subjects (templates)", len(rows), 1.0, "one head a second",
        (Taken(f"{len(names)} subjects", "vertices", f"{rows.shape[1]} vertices"),),
        notes=(note, *_note(scale)),
    )  # fmt: skip
    return surface_recording(surfaces, report, stated=True)


def _in_memory(rows: NDArray, scale: Scale) -> Surfaces:
    shape = vertex_shape(rows.shape)
    assert shape is not None
    flat = rows[None] if shape[0] == 1 and len(rows) != 1 else rows
    read = VertexRows(lambda start, stop: flat[start:stop], *shape, scale.factor)
    return Surfaces(read, differences=scale.differences)


def _note(scale: Scale) -> tuple[str, ...]:
    return (scale.note,) if scale.note else ()


def surfaces_in(value: Any) -> tuple[str, NDArray] | None:
    """The surfaces of nested dicts, and what they are called."""
    entries = flattened(value)
    for wanted in MESH_KEYS:
        for path, entry in entries.items():
            numbers = isinstance(entry, np.ndarray) and entry.dtype.kind in "iuf"
            if path.rpartition("/")[2] == wanted and numbers and vertex_shape(_squeezed(entry).shape):
                return path, _squeezed(entry)
    return None


def _squeezed(values: NDArray) -> NDArray:
    return values[0] if values.ndim == 4 and len(values) == 1 else values


def dumped_recording(
    found: tuple[str, NDArray], value: Any, arrays: Mapping[str, NDArray], label: str
) -> Recording:
    """Surfaces in a dict, with the neutral head and the neck that stand beside them."""
    name, rows = found
    shape = vertex_shape(rows.shape)
    assert shape is not None
    count, vertices = shape
    entries = flattened(value)
    scale = Scale.of(np.asarray(rows).reshape(count, vertices, 3)[0], label)
    surfaces = _in_memory(rows, scale)
    taken = [Taken(name, "vertices", f"{vertices} vertices")]
    template = entries.get("template")
    if isinstance(template, np.ndarray) and template.dtype.kind in "iuf" and template.size == 3 * vertices:
        head = (np.asarray(template, np.float64).reshape(-1, 3) * scale.factor).astype(np.float32)
        if np.isfinite(head).all():
            surfaces = replace(surfaces, template=head)
            taken.append(Taken("template", "static_offset", "the neutral head"))
    neck = arrays.get("pose")
    notes = list(_note(scale))
    if neck is not None and neck.shape == (count, 3) and neck.dtype.kind in "iuf" and np.isfinite(neck).all():
        taken.append(Taken("pose", "neck_pose", "3 numbers"))
        notes.append("The neck is posed on top of the vertices, which such files hold without it.")
    else:
        neck = None
    used = {entry.source for entry in taken}
    others = [path for path in entries if path not in used and path != "fps"]
    what = "a dump of a speech model, with vertices"
    if {"verts", "landmarks2d", "landmarks3d", "trans_verts"} & entries.keys():
        what = "a surface of DECA"
        notes.append(
            "DECA saves its surface here and not its codes: there is a shape to see, and none to edit."
        )
    rate = _stated(arrays)
    report = ImportReport(
        label, what, count, rate or FPS, RATE if rate is None else STATED, tuple(taken),
        tuple(Dropped(path, "not needed for the surface") for path in others), notes=tuple(notes),
    )  # fmt: skip
    made = surface_recording(surfaces, report, stated=rate is not None)
    return (
        made
        if neck is None
        else replace(made, channels={**made.channels, "neck_pose": neck.astype(np.float32)})
    )


def _stated(arrays: Mapping[str, NDArray]) -> float | None:
    rate = next((arrays[name] for name in RATES if name in arrays), None)
    usable = rate is not None and rate.size == 1 and rate.dtype.kind in "iuf"
    number = float(rate.reshape(-1)[0]) if usable and rate is not None else 0.0
    return number if 0.0 < number <= 10_000.0 else None


def surface_recording(surfaces: Surfaces, report: ImportReport, stated: bool) -> Recording:
    """A recording of surfaces alone."""
    count = len(surfaces.rows)
    channels = {
        name: np.zeros((count, width), np.float32) for name, width in {"expr": 0, **FIELD_WIDTHS}.items()
    }
    unsaid = f"{report.label} does not say its frame rate; {report.fps:g} frames a second are used."
    return Recording(
        shape=np.zeros(0, np.float32),
        channels=channels,
        fps=report.fps,
        stated_fps=stated,
        expression_names=(),
        model_name="",
        model_digest="",
        offsets=Offsets(),
        notices=[] if stated or count == 1 else [unsaid],
        report=report,
        surfaces=surfaces,
    )


def vertex_reader(path: Path, gaps: bool) -> Reader:
    """The rows of vertices in an npy or npz file, which stay there.

    Raises:
        StudioError: it cannot be read, or holds no heads.

    """
    if sniff(path).container == "npy":
        table, name = npy_table(path, VERTEX_NAMES[0]), VERTEX_NAMES[0]
    else:
        table = npz_table(path, (*VERTEX_NAMES, *RATES))
        name = next(name for name in VERTEX_NAMES if name in table.shapes)
    try:
        return _vertex_recording(path, table, name, path.name, gaps)
    except BaseException:
        table.close()
        raise


def _vertex_recording(path: Path, table: Table, name: str, label: str, gaps: bool) -> Reader:
    shape = vertex_shape(table.shapes[name])
    if shape is None or shape[0] == 0:
        raise StudioError(f"{label} has no frames; choose another file.")
    count, vertices = shape
    first = table.rows(name, 0, 1 if len(table.shapes[name]) != 2 or count > 1 else vertices)
    if first.dtype.kind not in "iuf":
        raise StudioError(f"{label} does not hold numbers; choose another file.")
    scale = Scale.of(first.reshape(-1, 3)[:vertices], label)
    whole = len(table.shapes[name]) == 2 and count == 1 and table.shapes[name][1] == 3

    def read(start: int, stop: int) -> NDArray:
        return table.rows(name, 0, vertices)[None] if whole else table.rows(name, start, stop)

    weakref.finalize(read, table.close)  # which all rows of this file hold
    template, told = _template_beside(path, vertices, scale)
    surfaces = Surfaces(VertexRows(read, count, vertices, scale.factor), template, scale.differences, gaps)
    rates = {key: table.rows(key, 0, 1) for key in RATES if key in table.shapes}
    rate = _stated(rates)
    taken = [Taken(name, "vertices", f"{vertices} vertices")]
    report = ImportReport(
        label, "vertices of every frame", count, rate or FPS, RATE if rate is None else STATED,
        tuple(taken), notes=(*_note(scale), *told),
    )  # fmt: skip
    return RecordingReader(label, surface_recording(surfaces, report, stated=rate is not None))


def _template_beside(path: Path, vertices: int, scale: Scale) -> tuple[NDArray | None, tuple[str, ...]]:
    """The neutral head of the subject that the file's name says, from templates.pkl beside it or above."""
    for folder in (path.parent, path.parent.parent):
        beside = folder / TEMPLATES
        if not beside.is_file():
            continue
        try:
            heads = templates_in(read_pickle(beside))
        except StudioError:
            return None, (f"{TEMPLATES} beside it cannot be read and was not used.",)
        subject = subject_of(path, heads)
        if subject is None:
            known = ", ".join(sorted(heads)[:6])
            return None, (
                f"Its name says none of the subjects in {TEMPLATES} ({known}, …); begin the name with one of "
                "them to have that neutral head.",
            )
        head = heads[subject]
        if len(head) != vertices:
            return None, (f"{subject} in {TEMPLATES} has {len(head)} vertices and was not used.",)
        return head * np.float32(scale.factor), (f"The neutral head is that of {subject} in {TEMPLATES}.",)
    if scale.differences:
        return None, (f"There is no {TEMPLATES} beside it, so the neutral head is the model's.",)
    return None, ()
