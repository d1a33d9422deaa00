"""A take: a clip and what the user changed on top of it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from numpy.typing import NDArray

from studio.flame.params import Params
from studio.flame.rotations import compose, relative
from studio.sequence.clip import ROTATIONS, Clip

_FIELDS = tuple(entry.name for entry in fields(Params))


def stacked(base: Params, offset: Params) -> Params:
    """``offset`` on top of ``base``: rotations composed (the offset first), everything else added."""
    return Params(**{name: _on_top(name, getattr(base, name), getattr(offset, name)) for name in _FIELDS})


def difference(base: Params, wanted: Params) -> Params:
    """The offset with ``stacked(base, offset) == wanted``."""
    return Params(**{name: _beyond(name, getattr(base, name), getattr(wanted, name)) for name in _FIELDS})


def _on_top(name: str, below: NDArray, above: NDArray) -> NDArray:
    """Values (..., D) of the field ``name``, changed by ``above`` (D,)."""
    if name not in ROTATIONS or not above.any():
        return below + above
    return compose(_by_joint(below), _by_joint(above)).reshape(below.shape)


def _beyond(name: str, below: NDArray, target: NDArray) -> NDArray:
    """What has to be put on top of ``below`` (D,) of the field ``name`` to get ``target`` (D,)."""
    if name not in ROTATIONS or not below.any():
        return target - below
    return relative(_by_joint(below), _by_joint(target)).reshape(below.shape)


def _by_joint(rotations: NDArray) -> NDArray:
    """Rotations (..., 3 J) as (..., J, 3)."""
    return rotations.reshape(*rotations.shape[:-1], -1, 3)


@dataclass(frozen=True)
class Take:
    """A clip that is never altered, and an offset that holds over all of it."""

    __hash__ = None  # type: ignore[assignment]

    name: str
    clip: Clip
    offset: Params

    @classmethod
    def of(cls, name: str, clip: Clip) -> Take:
        """A take of ``clip`` with nothing changed."""
        return cls(name, clip, Params.zeros(len(clip.shape), clip.expr.shape[1]))

    def params(self, position: float) -> Params:
        """What the user sees at fractional frame ``position``."""
        return stacked(self.clip.at(position), self.offset)

    def edited(self, position: float, wanted: Params) -> Take:
        """The take that shows ``wanted`` at ``position``, changed by the same offset everywhere else."""
        return replace(self, offset=difference(self.clip.at(position), wanted))

    def baked(self) -> Clip:
        """The clip as the user sees it, offset included."""
        if not any(getattr(self.offset, name).any() for name in _FIELDS):
            return self.clip
        shown = {
            name: _on_top(name, getattr(self.clip, name), getattr(self.offset, name)) for name in _FIELDS
        }
        return self.clip.replace(**shown)
