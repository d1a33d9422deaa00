"""The open head's own texture model: maps of pigments over the picture that it ships."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from studio.flame.texture_model import TextureComponent, TextureModel, TextureSource
from studio.flame.texture_spaces import SPACES
from studio.storage.errors import StudioError

DATA = Path(__file__).resolve().parent / "data"
TEXTURE = DATA / "open_head_texture.npz"
KEY = "open head"
PROPERTIES = "properties"


def open_head_textures(path: Path = TEXTURE) -> tuple[TextureSource, ...]:
    """The open head's texture model, in a tuple that is empty where its file is missing or damaged."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as members:
            properties = json.loads(members[PROPERTIES].tobytes())
        entries = properties["components"]
        return (
            TextureSource(
                KEY,
                properties["name"],
                "open head",
                path,
                properties["licence"],
                tuple((float(low), float(high)) for low, high in (entry["range"] for entry in entries)),
                tuple(entry["name"] for entry in entries),
                tuple(entry["tip"] for entry in entries),
                tuple(entry["group"] for entry in entries),
            ),
        )
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return ()


def read_open_head_texture(source: TextureSource, picture: Path, whole: bool = True) -> TextureModel:
    """The maps of ``source`` over the albedo ``picture`` (an image, top row first) they were made for.

    Without components if not ``whole``.

    Raises:
        StudioError: a file is missing or damaged.

    """
    mean = _picture(picture)
    components = _components(source.path, len(mean)) if whole else ()
    return TextureModel(source, SPACES["absorption"], np.ascontiguousarray(mean[::-1]), components)


def _components(path: Path, side: int) -> tuple[TextureComponent, ...]:
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as members:
            entries = json.loads(members[PROPERTIES].tobytes())["components"]
            return tuple(_component(entry, members[entry["map"]].tobytes(), side) for entry in entries)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise StudioError(
            f"The open head's texture in {path} is damaged ({error}): install the studio again."
        ) from error


def _picture(path: Path) -> np.ndarray:
    try:
        return _image(path.read_bytes(), "RGB")
    except (OSError, ValueError, SyntaxError) as error:
        raise StudioError(
            f"{path.name} cannot be read as an image ({error}); replace it, or choose another shading."
        ) from error


def _component(entry: dict[str, Any], content: bytes, side: int) -> TextureComponent:
    """A grey map stretched over its window, a share of the picture given as (left, top, right, bottom)."""
    left, top, right, bottom = (round(edge * side) for edge in entry["window"])
    grey = _image(content, "L", (right - left, bottom - top))
    whole = (grey[::-1].astype(np.int16) - np.int16(entry["zero"]))[..., None]
    steps = np.full(bottom - top, entry["step"], np.float32)
    return TextureComponent(
        side - bottom, left, np.ascontiguousarray(whole), steps, np.array(entry["tint"], np.float32)
    )


def _image(content: bytes, mode: str, size: tuple[int, int] | None = None) -> np.ndarray:
    from PIL import Image

    with Image.open(io.BytesIO(content)) as image:
        picture = image.convert(mode)
        if size is not None and picture.size != size:
            picture = picture.resize(size, Image.Resampling.BICUBIC)
        return np.asarray(picture)
