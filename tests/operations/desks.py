"""What operations work with in tests."""

from __future__ import annotations

from collections.abc import Callable

from studio.backends import create_backend
from studio.flame.model import HeadModel
from studio.operations.row import Desk
from studio.sequence.clip import Clip
from studio.storage.errors import StudioError


def desk_of(
    model: HeadModel,
    clips: dict[str, Clip] | None = None,
    models: dict[str, HeadModel] | None = None,
    step: Callable[[int, int], None] = lambda _done, _count: None,
) -> Desk:
    """A desk with ``model`` on it, and others within reach by name."""

    def find(known: dict, name: str):
        if name not in known:
            raise StudioError(f"There is no {name}.")
        return known[name]

    return Desk(
        model,
        lambda: create_backend("torch", model, "cpu"),
        lambda name: find(clips or {}, name),
        lambda name: find(models or {}, name),
        step,
    )
