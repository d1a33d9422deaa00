"""A head as Wavefront OBJ with its texture: the mesh, its material, and the picture that this names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.backends.base import Surface
from studio.export.mesh import write_obj
from studio.export.note import licence_note
from studio.export.pictures import encode
from studio.flame.model import HeadModel
from studio.storage.atomic import write_atomically

MATERIAL = "skin"


def write_textured(
    path: Path, model: HeadModel, surface: Surface, picture: NDArray[np.uint8] | None, image_ending: str = ""
) -> tuple[Path, ...]:
    """Write the mesh to ``path``, and where there is a texture a .mtl and a .png of its name beside it.

    Older files of these names are replaced.

    Args:
        path: ends in .obj.
        model: whose faces and texture coordinates are written.
        surface: metres.
        picture: (R, R, 3) sRGB, row 0 at v = 0.
        image_ending: what the picture's name has behind the mesh's.

    Returns:
        The files written.

    Raises:
        StudioError: one cannot be written.

    """
    textured = picture is not None and model.uv is not None and model.uv_faces is not None
    library = path.with_suffix(".mtl").name if textured else ""
    write_atomically(path, lambda stream: write_obj(stream, model, surface, None, library, MATERIAL))
    if picture is None or not textured:
        return (path,)
    material, image = path.with_suffix(".mtl"), path.with_name(f"{path.stem}{image_ending}.png")
    text = _material(model, image.name).encode()
    write_atomically(material, lambda stream: stream.write(text))
    write_picture_file(image, picture[::-1], licence_note(model))
    return path, material, image


def write_picture_file(path: Path, pixels: NDArray[np.uint8], note: str) -> None:
    """Write ``pixels`` (H, W, 3), row 0 at the top, as PNG with ``note`` in it.

    Raises:
        StudioError: it cannot be written.

    """
    opaque = np.full((*pixels.shape[:2], 1), 255, np.uint8)
    whole = np.concatenate([pixels, opaque], axis=2)
    write_atomically(path, lambda stream: encode(stream, "PNG", whole, note, effort=4))


def _material(model: HeadModel, image: str) -> str:
    return (
        f"# {licence_note(model)}\n"
        f"newmtl {MATERIAL}\nKa 0 0 0\nKd 1 1 1\nKs 0 0 0\nd 1\nillum 1\nmap_Kd {image}\n"
    )
