"""What a file is to a head model, for people: kind, sizes, release, digest, licence, problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from studio.flame.companions import Companion, extras_for, recognise
from studio.flame.folders import model_folders
from studio.flame.landmark_tables import contour_points, mediapipe_points, static_points
from studio.flame.masks import listed_regions
from studio.flame.model import JOINT_NAMES, HeadModel
from studio.flame.open_head import is_open_head, load_open_head
from studio.flame.tables import Tables, digest_of, folder_files, read_tables
from studio.flame.texture_files import check_topology, source_of
from studio.flame.validation import ModelArrays, check_model, is_split_assumed, model_problems
from studio.flame.versions import (
    RESEARCH_LICENCE,
    RINGNET_LICENCE,
    UNKNOWN_LICENCE,
    hinted_version,
    licence_of,
    version_of,
)
from studio.storage.arrays import npy_header, npz_headers
from studio.storage.errors import StudioError
from studio.storage.kind import sniff

TITLES = {
    "model": "Head model",
    "landmarks": "Static and contour landmarks",
    "static landmarks": "Static landmarks",
    "contour landmarks": "Contour landmarks",
    "mediapipe landmarks": "MediaPipe landmarks",
    "masks": "Region masks",
    "texture masks": "Region masks over the texture",
    "eyelid": "Eyelid",
    "texture": "Texture coordinates",
    "texture model": "Texture model",
    "template": "Template mesh with texture coordinates",
    "other": "Not part of a head model",
}
LICENCES = {
    "landmarks": UNKNOWN_LICENCE,
    "static landmarks": RINGNET_LICENCE,
    "contour landmarks": RINGNET_LICENCE,
    "mediapipe landmarks": RESEARCH_LICENCE,
    "masks": RESEARCH_LICENCE,
    "texture masks": UNKNOWN_LICENCE,
    "eyelid": UNKNOWN_LICENCE,
    "texture": RESEARCH_LICENCE,
    "template": RESEARCH_LICENCE,
}


@dataclass(frozen=True)
class Description:
    """What is known of one file or model folder.

    ``kind`` is one of :data:`studio.flame.companions.Role`; ``version`` and ``licence`` are empty where
    they make no sense, ``digest`` (SHA-256, hex) where it was not asked for; ``problems`` are sentences.
    """

    path: Path
    kind: str
    title: str
    size: int
    version: str = ""
    digest: str = ""
    licence: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    contents: Mapping[str, str] = field(default_factory=dict)  # type and shape of each entry of a model

    @property
    def is_usable(self) -> bool:
        """Whether the file can be opened; a notice alone does not make it unusable."""
        return self.kind != "other" and (not self.problems or bool(self.counts))

    @property
    def problem(self) -> str:
        """What keeps the file from being opened; empty where nothing does."""
        return "" if self.is_usable else " ".join(self.problems)


def describe(path: Path, quick: bool = False) -> Description:
    """What the file or folder at ``path`` is; never raises for a bad one, which is told in ``problems``.

    Args:
        path: any file.
        quick: leave out what needs all of a large file read: digest, sizes and checks of a model,
            whose release is then only a guess by name.

    """
    try:
        size = sum(part.stat().st_size for part in (folder_files(path) if path.is_dir() else [path]))
    except (OSError, ValueError):
        size = 0
    try:
        companion = recognise(path)
    except StudioError as error:
        return _unusable(path, size, str(error))
    if is_open_head(path):
        return _open_head(path, size)
    if companion.role == "model":
        return _model(path, size, quick)
    digest = "" if quick or companion.role == "other" else digest_of(path)
    if companion.role == "texture model":
        return _texture_model(path, size, digest)
    title = TITLES[companion.role]
    if companion.role == "other":
        title = sniff(path).title.partition(" ")[2]
        title = title[:1].upper() + title[1:]
    return Description(
        path,
        companion.role,
        title,
        size,
        "",
        digest,
        LICENCES.get(companion.role, ""),
        _counts(companion),
        _mask_problems(companion),
    )


def _mask_problems(companion: Companion) -> tuple[str, ...]:
    problem = (
        listed_regions(companion.table, companion.path.name, None)[1] if companion.role == "masks" else ""
    )
    return (problem,) if problem else ()


def _texture_model(path: Path, size: int, digest: str) -> Description:
    title = TITLES["texture model"]
    try:
        source = source_of(path)
        check_topology(path)
    except StudioError as error:
        return Description(path, "texture model", title, size, "", digest, "", {}, (str(error),))
    return Description(
        path, "texture model", title, size, source.kind, digest, source.licence, {"components": source.count}
    )


def _unusable(path: Path, size: int, problem: str) -> Description:
    return Description(path, "other", TITLES["other"], size, problems=(problem,))


def _model(path: Path, size: int, quick: bool) -> Description:
    if quick:
        version = hinted_version(path, {})
        return Description(path, "model", TITLES["model"], size, version, "", licence_of(version))
    digest, title = "", TITLES["model"]
    try:
        digest = digest_of(path)
        tables = read_tables(path)
    except StudioError as error:
        return Description(path, "model", title, size, "", digest, "", {}, (str(error),))
    problems = model_problems(tables.entries, path.name)
    if problems:
        return Description(path, "model", title, size, "", digest, "", {}, problems, tables.contents)
    arrays = check_model(tables.entries, path.name)
    extras = extras_for(path, model_folders(), arrays.faces, arrays.v_template)
    version = version_of(digest, tables.entries, path, tables.notes)
    return Description(
        path,
        "model",
        title,
        size,
        version,
        digest,
        licence_of(version, tables.notes),
        _model_counts(arrays),
        (*_notices(tables), *extras.problems),
        tables.contents,
    )


def _open_head(path: Path, size: int) -> Description:
    model = load_open_head()
    return Description(
        path, "model", model.name, size, model.version, model.digest, model.licence, _model_counts(model)
    )


def _model_counts(arrays: ModelArrays | HeadModel) -> dict[str, int]:
    return {
        "vertices": len(arrays.v_template),
        "faces": len(arrays.faces),
        "shape": arrays.shapedirs.shape[2],
        "expression": arrays.expressiondirs.shape[2],
        "joints": len(JOINT_NAMES),
    }


def _notices(tables: Tables) -> tuple[str, ...]:
    if not is_split_assumed(tables.entries):
        return ()
    return (
        f"{tables.source.name} does not say where its expressions begin; "
        "they are taken to begin at column 10, after ten shape components.",
    )


def _counts(companion: Companion) -> dict[str, int]:
    name = companion.path.name
    match companion.role:
        case "landmarks" | "static landmarks" | "contour landmarks":
            static = static_points(companion.table, name)
            contour = contour_points(companion.table, name)
            counts = {"static": len(static.faces)} if static else {}
            return counts | ({"contour rows": len(contour.faces)} if contour else {})
        case "mediapipe landmarks":
            points = mediapipe_points(companion.table, name)
            return {"landmarks": len(points.faces)} if points else {}
        case "masks":
            return {"regions": len(listed_regions(companion.table, name, None)[0])}
        case "texture masks":
            return {"regions": len(npz_headers(companion.path))}
        case "eyelid":
            return {"vertices": npy_header(companion.path).shape[0]}
        case "texture":
            table = companion.table or npz_headers(companion.path)
            return {"texture coordinates": table["vt"].shape[0], "faces": table["ft"].shape[0]}
    return {}
