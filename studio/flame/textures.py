"""A head's textures: which there are, which of them is meant, and the picture it gives."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

from studio.flame.model import HeadModel
from studio.flame.texture_blend import TextureBlender, trimmed
from studio.flame.texture_model import Pixels, TextureModel, TextureSource

PLAIN = "plain"  # the key of the model's own picture, without a texture model
PICTURE = "picture"  # the key of a picture of the user's own
KEPT = 2  # texture models in memory, the ones used last


class _Slot:
    """One texture model in memory, or on its way there."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.blender: TextureBlender | None = None


_slots: OrderedDict[tuple[str, Path, Path | None], _Slot] = OrderedDict()
_lock = threading.Lock()  # of the slots; never held while a file is read


def source_called(model: HeadModel, key: str) -> TextureSource | None:
    """The texture of ``model`` called ``key``, else its first one.

    None for :data:`PLAIN` and :data:`PICTURE`, and where there is none.
    """
    if key in (PLAIN, PICTURE) or model.uv is None or model.uv_faces is None:
        return None
    named = (source for source in model.textures if source.key == key)
    return next(named, model.textures[0] if model.textures else None)


def texture_picture(source: TextureSource, model: HeadModel, coefficients: Sequence[float] = ()) -> Pixels:
    """The picture (H, W, 3) sRGB of ``source``, one of the textures of ``model``; row 0 at v = 0.

    The same object for the same coefficients, as long as others did not follow. May be called from
    several threads; seconds for a large file whose components are not in memory, which only
    coefficients other than 0 need.

    Args:
        source: a texture model.
        model: the head it belongs to.
        coefficients: in sigma; those left out are 0, those beyond its components are passed over.

    Raises:
        StudioError: a file is missing or damaged, or is not what it was when it was found.

    """
    wanted = trimmed(coefficients[: source.count])
    return _blender(source, model, bool(wanted)).picture(wanted)


def read_texture(source: TextureSource, model: HeadModel, whole: bool = True) -> TextureModel:
    """The arrays of ``source``, one of the textures of ``model``; only its mean if not ``whole``.

    Raises:
        StudioError: a file is missing or damaged, or is not what it was when it was found.

    """
    if source.kind == "open head":
        from studio.flame.open_head import OPEN_HEAD_ALBEDO
        from studio.flame.open_head_texture import read_open_head_texture

        return read_open_head_texture(source, model.albedo or OPEN_HEAD_ALBEDO, whole)
    from studio.flame.texture_files import read_published

    return read_published(source, whole)


def _blender(source: TextureSource, model: HeadModel, whole: bool) -> TextureBlender:
    place = (source.key, source.path, model.albedo)
    with _lock:
        slot = _slots.setdefault(place, _Slot())
        _slots.move_to_end(place)
        while len(_slots) > KEPT:
            _slots.popitem(last=False)
    with slot.lock:
        if slot.blender is None or (whole and not slot.blender.is_whole):
            slot.blender = TextureBlender(read_texture(source, model, whole))
        return slot.blender
