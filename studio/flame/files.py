"""Head models from files: FLAME's releases in every published container, and the open head."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from studio.flame.companions import extras_for
from studio.flame.folders import first_model, model_folders
from studio.flame.model import HeadModel
from studio.flame.tables import Tables, digest_of, read_tables
from studio.flame.validation import check_model
from studio.flame.versions import licence_of, version_of

RANGE = (-3.0, 3.0)


def load_model(path: str | Path | None = None) -> HeadModel:
    """Read a head model, with the landmarks, masks and texture coordinates that lie beside it.

    Args:
        path: a pickle, npz or safetensors file or a folder of npy files. None takes the first model
            in the model folders, and the open head where there is none.

    Raises:
        StudioError: the file is missing, unsafe, damaged, or not a head model; the sentence names
            the file, the key, and what was found and wanted.

    """
    if path is None:
        found = first_model(model_folders())
        if found is None:
            from studio.flame.open_head import load_open_head

            return load_open_head()
        path = found
    source = Path(path)
    return build_model(read_tables(source), digest_of(source))


def build_model(tables: Tables, digest: str) -> HeadModel:
    """The checked model of a file's ``tables``.

    Raises:
        StudioError: an entry is missing or wrong.

    """
    source = tables.source
    arrays = check_model(tables.entries, source.name)
    extras = extras_for(source, model_folders(), arrays.faces, len(arrays.v_template))
    version = version_of(digest, tables.entries, source, tables.notes)
    return HeadModel(
        name=source.stem if source.is_file() else source.name,
        version=version,
        digest=digest,
        licence=licence_of(version),
        v_template=arrays.v_template,
        faces=arrays.faces,
        shapedirs=arrays.shapedirs,
        expressiondirs=arrays.expressiondirs,
        posedirs=arrays.posedirs,
        j_regressor=arrays.j_regressor,
        lbs_weights=arrays.lbs_weights,
        shape_ranges=_ranges(arrays.shapedirs.shape[2]),
        expression_ranges=_ranges(arrays.expressiondirs.shape[2]),
        landmarks=extras.landmarks,
        uv=extras.uv,
        uv_faces=extras.uv_faces,
        regions=extras.regions,
        source=source,
    )


def _ranges(count: int) -> np.ndarray:
    """Three standard deviations either way, the range FLAME viewers offer."""
    return np.tile(np.array(RANGE, np.float32), (count, 1))
