"""Head models from files: FLAME's releases in every published container, and the open head."""

from __future__ import annotations

from pathlib import Path

from studio.flame.folders import model_folders
from studio.flame.model import HeadModel


def load_model(path: str | Path | None = None) -> HeadModel:
    """Read a head model, with the landmarks, masks and texture coordinates that lie beside it.

    Args:
        path: a pickle, npz or safetensors file, a folder of npy files, or a folder with a model file
            in it. None takes the first model that can be read in the model folders, and the open head
            where there is none.

    Raises:
        StudioError: the file is missing, unsafe, damaged, or not a head model; the sentence names
            the file, the key, and what was found and wanted. With None, none of the models that
            there are can be read.
    """
    # The window imports this module before it stands, and reads no file until it does.
    from studio.flame.reading import read_first, read_model

    if path is not None:
        return read_model(Path(path))
    model = read_first(model_folders())
    if model is not None:
        return model
    from studio.flame.open_head import load_open_head

    return load_open_head()
