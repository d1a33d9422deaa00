"""A head model from a file's checked tables and from what lies beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

from studio.flame.companions import Extras, candidates, extras_for, recognise
from studio.flame.eyelids import solved_eyelids
from studio.flame.folders import model_folders
from studio.flame.model import HeadModel
from studio.flame.open_head import is_open_head, load_open_head
from studio.flame.tables import Tables, digest_of, is_model_folder, read_tables
from studio.flame.validation import ModelArrays, check_model
from studio.flame.versions import licence_of, version_of
from studio.storage.errors import StudioError
from studio.storage.paths import is_folder

RANGE = (-3.0, 3.0)


def read_first(folders: list[Path]) -> HeadModel | None:
    """The first head model in ``folders`` that can be read; None where there is none.

    Raises:
        StudioError: there are models, but none of them can be read; what is wrong with the first.
    """
    problem: StudioError | None = None
    for path in model_files(folders):
        try:
            return read_model(path)
        except StudioError as error:
            problem = problem or error
    if problem is not None:
        raise problem
    return None


def model_files(folders: Iterable[Path]) -> Iterator[Path]:
    """The files and folders in ``folders`` that look like head models, by content."""
    for folder in folders:
        for path in candidates(folder):
            with suppress(StudioError):
                if recognise(path).role == "model":
                    yield path


def read_model(source: Path) -> HeadModel:
    """Read the head model at ``source``; see ``load_model``.

    Raises:
        StudioError: the file is missing, unsafe, damaged, or not a head model.
    """
    source = model_at(source)
    if is_open_head(source):
        return load_open_head()
    return build_model(read_tables(source), digest_of(source))


def model_at(source: Path) -> Path:
    """``source``, or the first model in it where it is a folder that is no model itself."""
    if is_folder(source) and not is_model_folder(source):
        return next(model_files([source]), source)
    return source


def build_model(tables: Tables, digest: str) -> HeadModel:
    """The checked model of a file's ``tables``.

    Raises:
        StudioError: an entry is missing or wrong.

    """
    source = tables.source
    arrays = check_model(tables.entries, source.name)
    extras = extras_for(source, model_folders(), arrays.faces, arrays.v_template)
    version = version_of(digest, tables.entries, source, tables.notes)
    return HeadModel(
        name=source.stem if source.is_file() else source.name,
        version=version,
        digest=digest,
        licence=licence_of(version, tables.notes),
        v_template=arrays.v_template,
        faces=arrays.faces,
        shapedirs=arrays.shapedirs,
        expressiondirs=arrays.expressiondirs,
        posedirs=arrays.posedirs,
        j_regressor=arrays.j_regressor,
        lbs_weights=arrays.lbs_weights,
        shape_ranges=_ranges(arrays.shapedirs.shape[2]),
        expression_ranges=_ranges(arrays.expressiondirs.shape[2]),
        landmarks=extras.landmarks.embedding,
        other_landmarks=extras.landmarks.others,
        uv=extras.uv,
        uv_faces=extras.uv_faces,
        textures=extras.textures,
        regions=extras.regions.regions,
        eyelids=_eyelids(arrays, extras),
        source=source,
        notices=extras.problems,
    )


def _eyelids(arrays: ModelArrays, extras: Extras) -> np.ndarray | None:
    """Those of the published pair of files, else what the expressions can close."""
    embedding = extras.landmarks.embedding
    if extras.eyelids.directions is not None or embedding is None:
        return extras.eyelids.directions
    return solved_eyelids(
        arrays.v_template, arrays.faces, arrays.expressiondirs, arrays.lbs_weights, embedding
    )


def _ranges(count: int) -> np.ndarray:
    """Three standard deviations either way, the range FLAME viewers offer."""
    return np.tile(np.array(RANGE, np.float32), (count, 1))
