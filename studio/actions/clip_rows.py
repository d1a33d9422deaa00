"""Operations on the clip of the take: rows of the Animate menu."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from studio.actions.row import Action
from studio.operations.names import ELSEWHERE, TITLES

if TYPE_CHECKING:
    from studio.window import StudioWindow


def _show(name: str, window: StudioWindow) -> None:
    window.operations.show(name)


ACTIONS: tuple[Action, ...] = (
    Action(
        "operations",
        "Operations…",
        "Animate",
        lambda w: w.operations.show(),
        "clip",
        "Ctrl+J",
        "Trim, retime, smooth, join the clip of the take, and more, with a preview",
        separator=True,
    ),
    *(
        Action(f"clip.{name}", f"{title}…", "Animate/Clip", partial(_show, name), tip=tip)
        for name, (title, tip) in TITLES.items()
        if name not in ELSEWHERE
    ),
    Action(
        "clip.transfer",
        f"{TITLES['transfer'][0]}…",
        "Animate/Clip",
        lambda w: w.show_models(),
        tip="Use another head model: the takes come along by the named controls",
    ),
)
