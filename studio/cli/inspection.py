"""What a file is, for the ``info`` command."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

from studio.backends.base import FRAMES_AT_A_TIME
from studio.cli.film_facts import film_facts
from studio.cli.landmarks import landmark_facts
from studio.controls.captured import on_model
from studio.controls.preset_file import described as described_pose
from studio.document.media import Media
from studio.flame import load_model
from studio.flame.describe import describe
from studio.sequence.files import is_clip
from studio.sequence.frame_names import is_pattern
from studio.sequence.report import ImportReport
from studio.sequence.stream import open_clip
from studio.session.reading import read_session
from studio.sound.sound import load_sound
from studio.storage.arrays import npz_headers
from studio.storage.errors import StudioError
from studio.storage.kind import FileKind, sniff
from studio.storage.tables import verify_npz

MESHES = ("obj", "ply")
CLIP_TITLE = "Clip of parameters"


def inspect(path: Path, model: Path | None = None) -> dict[str, Any]:
    """Kind, sizes, labels and problems of the file or folder at ``path``.

    ``problems`` keep it from being used. ``notices`` do not: those of a clip tell how it would play on
    the head model at ``model``.

    Raises:
        StudioError: it is missing or cannot be read at all.

    """
    kind = FileKind("folder") if is_pattern(path) else sniff(path)
    try:
        facts = _facts(path, kind, model)
    except StudioError as error:
        facts = {**_damaged(path, kind), "problems": [str(error)]}
    size = path.stat().st_size if path.is_file() else None
    return {"file": str(path), **facts, "bytes": size, "problems": facts.get("problems", [])}


def _damaged(path: Path, kind: FileKind) -> dict[str, Any]:
    """What can still be told of a file that cannot be used."""
    facts: dict[str, Any] = {"kind": kind.container, "title": _title(kind)}
    with suppress(StudioError):
        if kind.container == "npz":
            facts |= _arrays(path)
        if is_clip(path, kind):
            facts |= {"kind": "clip", "title": CLIP_TITLE}
    return facts


def _title(kind: FileKind) -> str:
    return kind.title.removeprefix("a ").removeprefix("an ")


def _arrays(path: Path) -> dict[str, Any]:
    headers = npz_headers(path)
    return {"arrays": {name: f"{header.dtype} {list(header.shape)}" for name, header in headers.items()}}


def _facts(path: Path, kind: FileKind, model: Path | None) -> dict[str, Any]:
    if kind.container == "empty":
        raise StudioError(f"{path.name} is empty; get the file again.")
    if kind.is_image:
        return _picture(path)
    if kind.is_film:
        return film_facts(path)
    if kind.is_sound:
        return _sound(path, kind)
    if kind.container in MESHES:
        return _mesh(path, kind)
    if kind.container == "session":
        return _session(path, kind)
    if kind.container == "pose":
        return {"kind": "pose", "title": "Pose of the studio", **described_pose(path)}
    if is_clip(path, kind):
        return _clip(path, model)
    told = describe(path)
    facts: dict[str, Any] = {
        "kind": told.kind,
        "title": told.title,
        "version": told.version,
        "sizes": dict(told.counts),
        "digest": told.digest,
        "licence": told.licence,
        "problems": [] if told.is_usable else list(told.problems),
        "notices": list(told.problems) if told.is_usable else [],
    }
    facts |= landmark_facts(told, model)
    if told.contents:
        return {**facts, "arrays": dict(told.contents)}
    return {**facts, **_arrays(path)} if kind.container == "npz" else facts


def _clip(path: Path, model: Path | None) -> dict[str, Any]:
    if path.is_file() and sniff(path).container == "npz":
        verify_npz(path)
    with open_clip(path, load_model(model), adapt=on_model) as stream:
        for _ in stream.blocks(FRAMES_AT_A_TIME):
            pass  # a number that cannot be used may be in any frame
        recorded = stream.recorded
        sizes = {"shape": len(recorded.shape), "expression": recorded.channels["expr"].shape[1]}
        if recorded.offsets.vertex_count:
            sizes["moved vertices"] = recorded.offsets.vertex_count
        return {
            "kind": "clip",
            "title": CLIP_TITLE,
            "layout": stream.report.layout,
            "frames": len(stream),
            "fps": stream.fps,
            "seconds": round(stream.duration, 3),
            "sizes": sizes,
            "made_on": stream.report.made_on,
            "digest": recorded.model_digest,
            "expressions": " ".join(recorded.expression_names),
            "report": _report(stream.report, stream.notices),
            "notices": stream.notices,
        }


def _report(report: ImportReport, told: Collection[str]) -> list[str]:
    """What a report says beyond the other facts, and what is ``told`` anyway."""
    lines = [line for line in report.lines() if line.startswith(("Rate", "Taken", "Left out"))]
    return lines + [note for note in report.notes if note not in told]


def _session(path: Path, kind: FileKind) -> dict[str, Any]:
    session = read_session(path)
    return {
        "kind": "session",
        "title": _title(kind),
        "version": str(session.kept.version),
        "takes": [take.name for take in session.takes],
        "frames": len(session.takes[session.active].clip),
        "fps": session.takes[session.active].clip.fps,
        "made_on": session.origin.name,
        "digest": session.origin.digest,
        "notices": list(session.notices),
    }


def _picture(path: Path) -> dict[str, Any]:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            image.load()
            note = _note(image)
            return {
                "kind": "picture",
                "title": f"{image.format} picture",
                "sizes": {"width": image.width, "height": image.height},
                "frames": getattr(image, "n_frames", 1),
                "colours": image.mode,
                "note": note,
            }
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise StudioError(f"{path.name} is damaged or cut short; get the picture again.") from None


def _note(image: Any) -> str:
    """The comment inside a picture, wherever its format keeps it."""
    from studio.export.pictures import EXIF_COPYRIGHT

    note = getattr(image, "text", {}).get("Copyright") or image.getexif().get(EXIF_COPYRIGHT)
    note = note or image.info.get("comment", "")
    return note.decode("latin-1") if isinstance(note, bytes) else str(note)


def _sound(path: Path, kind: FileKind) -> dict[str, Any]:
    """What a sound says of itself, and how much of it can be played."""
    sound = load_sound(Media(str(path)))
    return {
        "kind": "sound",
        "title": _title(kind),
        "encoding": sound.facts.encoding,
        "rate": sound.rate,
        "channels": sound.facts.channels,
        "seconds": round(sound.seconds, 3),
        "peak": round(sound.peaks.highest, 3),
        "notices": [sound.notice] if sound.notice else [],
    }


def _mesh(path: Path, kind: FileKind) -> dict[str, Any]:
    import trimesh

    title = _title(kind)
    try:
        mesh = trimesh.load(path, process=False, skip_materials=True)
        if isinstance(mesh, trimesh.PointCloud):
            return {"kind": "points", "title": "Cloud of points", "sizes": {"points": len(mesh.vertices)}}
        if isinstance(mesh, trimesh.Scene):
            mesh = mesh.to_mesh()
        counts = {"vertices": len(mesh.vertices), "faces": len(mesh.faces)}
    except Exception:  # noqa: BLE001 - readers of damaged meshes fail in any way
        raise StudioError(f"{path.name} is not a whole {title}; get it again.") from None
    return {"kind": "mesh", "title": title, "sizes": counts}
