"""Clips one after the other, and a clip after itself: with a cross-fade between."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.sequence.clip import Clip
from studio.sequence.operations.parts import moving_fields
from studio.sequence.operations.sampling import blended_rows
from studio.sequence.operations.timing import resampled
from studio.sequence.rates import exact_rate
from studio.sequence.vertex_rows import VertexRows, check_room, in_memory
from studio.storage.errors import StudioError

Array = NDArray[np.float64]


def eased(amount: Array) -> Array:
    """0 to 1 with no slope at either end: the cubic 3 a² - 2 a³."""
    return amount * amount * (3.0 - 2.0 * amount)


def joined(first: Clip, second: Clip, fade: int) -> tuple[Clip, list[str]]:
    """``first`` and then ``second``, with ``fade`` frames in which one passes into the other.

    ``second`` is brought to the rate of ``first``, and its head becomes the head of ``first``; the
    sentences say so. Rotations pass on the shorter arc, all else linearly, by weights that begin and end
    with no slope. Vertex offsets of both are kept.

    Returns:
        The clip, of T + T' - ``fade`` frames, and what is to be told.

    Raises:
        StudioError: the two are for different models or meshes, or are shorter than the fade, or their
            vertices are in files and too many.

    """
    notices = _checked_pair(first, second)
    if exact_rate(first.fps) != exact_rate(second.fps):
        notices.append(
            f"The second clip has {second.fps:g} frames a second and was resampled to {first.fps:g}."
        )
        second = resampled(second, exact_rate(first.fps))
    shortest = min(len(first), len(second))
    if not 0 <= fade <= shortest:
        raise StudioError(
            f"A cross-fade of {fade} frames does not fit: the shorter clip has {shortest}; choose fewer."
        )
    _check_room(first, second)
    first, second = _with_same_offsets(first, second)
    amount = eased(np.arange(1, fade + 1) / (fade + 1.0))
    rows = {}
    for field in moving_fields(first):
        before, after = getattr(first, field), getattr(second, field)
        cut = len(before) - fade
        middle = blended_rows(field, before[cut:], after[:fade], amount)
        rows[field] = np.concatenate([before[:cut], middle, after[fade:]])
    return first.replace(**rows), notices


def looped(clip: Clip, fade: int) -> Clip:
    """``clip`` as a loop: its last ``fade`` frames pass into its first ones, and are left out at the end.

    The result has T - ``fade`` frames. Its first frame is the one that followed its last one in the clip,
    and weights begin and end with no slope, so that position and velocity go on across the seam.

    Raises:
        StudioError: the fade is shorter than a frame or longer than half of the clip.

    """
    longest = len(clip) // 2
    if not 1 <= fade <= longest:
        told = f"1 to {longest} frames" if longest else "a clip of more than one frame"
        raise StudioError(
            f"A loop of a clip of {len(clip)} frames cannot pass over {fade} frames; it takes {told}."
        )
    length = len(clip) - fade
    amount = eased(np.arange(fade) / fade)
    rows = {}
    for field in moving_fields(clip):
        values = in_memory(getattr(clip, field))
        seam = blended_rows(field, values[length:], values[:fade], amount)
        rows[field] = np.concatenate([seam, values[fade:length]])
    return clip.replace(**rows)


def _checked_pair(first: Clip, second: Clip) -> list[str]:
    """What is to be told of joining two clips.

    Raises:
        StudioError: they are for different models.

    """
    digests = {clip.model_digest for clip in (first, second)} - {""}
    if len(digests) > 1 or first.expr.shape[1] != second.expr.shape[1]:
        names = [clip.model_name or "an unknown model" for clip in (first, second)]
        other = "another version of it" if names[0] == names[1] else names[1]
        raise StudioError(
            f"One clip was made for {names[0]} and the other for {other}, where the same numbers are another "
            "face; transfer one to the model of the other, then join them."
        )
    same = np.array_equal(first.shape, second.shape)
    return [] if same else ["The two clips are of different people; the head of the first one was kept."]


def _check_room(first: Clip, second: Clip) -> None:
    both: list[object] = [first.dynamic_offset, second.dynamic_offset]
    sources = [rows.source for rows in both if isinstance(rows, VertexRows)]
    if sources:
        vertices = max(_vertices(first), _vertices(second))
        check_room(12 * vertices * (len(first) + len(second)), sources[0])


def _with_same_offsets(first: Clip, second: Clip) -> tuple[Clip, Clip]:
    """Both clips with static offsets that are equal, and dynamic ones in both or in none.

    Raises:
        StudioError: they move different meshes.

    """
    pair = (first, second)
    counts = {_vertices(clip) for clip in pair} - {0}
    if len(counts) > 1:
        told = " and ".join(str(count) for count in sorted(counts))
        raise StudioError(f"The clips move meshes of {told} vertices, which cannot be joined.")
    if not counts:
        return pair
    still = all(clip.dynamic_offset is None for clip in pair)
    if still and _equal(first.static_offset, second.static_offset):
        return pair
    count = counts.pop()
    return _all_moving(first, count), _all_moving(second, count)


def _vertices(clip: Clip) -> int:
    found = clip.static_offset if clip.static_offset is not None else clip.dynamic_offset
    return 0 if found is None else found.shape[-2]


def _equal(first: NDArray | None, second: NDArray | None) -> bool:
    if first is None or second is None:
        return first is second
    return np.array_equal(first, second)


def _all_moving(clip: Clip, count: int) -> Clip:
    """``clip`` with all of its vertex offsets, of ``count`` vertices, as dynamic ones."""
    moving = np.zeros((len(clip), count, 3), np.float32)
    for offset in (clip.static_offset, clip.dynamic_offset):
        if offset is not None:
            moving += offset
    return clip.replace(static_offset=None, dynamic_offset=moving)
