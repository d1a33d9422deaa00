"""The texture that the flags of a command choose."""

from __future__ import annotations

import argparse
import difflib

from studio.document.look import Texture
from studio.flame.model import HeadModel
from studio.flame.texture_model import TextureSource
from studio.flame.textures import PLAIN, source_called
from studio.storage.errors import StudioError


def chosen_texture(arguments: argparse.Namespace, model: HeadModel) -> Texture:
    """The texture of ``--texture``, with the coefficients of ``--appearance``.

    Raises:
        StudioError: the model has no such texture, or the texture no such component.

    """
    wanted, settings = arguments.texture, arguments.appearance
    if wanted == PLAIN:
        if settings:
            raise StudioError(
                "--appearance needs a texture model, not the plain picture; leave out --texture."
            )
        return Texture(PLAIN)
    source = _named(wanted, model) if wanted else source_called(model, "")
    if not settings:
        return Texture(source.key if source else "")
    if source is None:
        raise StudioError(
            f"{model.name} has no texture model for --appearance; put FLAME_texture.npz in the model folder."
        )
    coefficients = [0.0] * source.count
    for name, value in settings:
        coefficients[_index(name, source)] = value
    return Texture(source.key, tuple(coefficients))


def _named(wanted: str, model: HeadModel) -> TextureSource:
    """The texture of ``model`` whose name or file name contains ``wanted``."""
    usable = model.textures if model.uv is not None else ()
    for source in usable:
        if wanted.lower() in source.name.lower() or wanted.lower() in source.path.name.lower():
            return source
    known = ", ".join((*(source.name for source in usable), PLAIN))
    raise StudioError(f"{model.name} has no texture called {wanted}; it has {known}.")


def _index(name: str, source: TextureSource) -> int:
    """The component called ``name``, or with that number from 1."""
    if name.isdecimal():
        if not 1 <= int(name) <= source.count:
            raise StudioError(f"{source.name} has components 1 to {source.count}, not {name}.")
        return int(name) - 1
    names = [known.lower() for known in source.names]
    if name.lower() in names:
        return names.index(name.lower())
    close = difflib.get_close_matches(name.lower(), names, 1)
    meant = f" (did you mean {source.names[names.index(close[0])]}?)" if close else ""
    known = ", ".join(source.names) if names else f"numbers from 1 to {source.count}"
    raise StudioError(f"{source.name} has no component {name}{meant}; it has {known}.")
