"""What can be done with keys and layers as a whole, as rows of the Animate menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.actions.row import Action
from studio.document.keying import toggle_auto_key
from studio.document.layer_commands import merge_layer, why_not_merged

if TYPE_CHECKING:
    from studio.window import StudioWindow


def _merge_down(window: StudioWindow) -> None:
    document = window.document
    place = document.take.active_layer
    reason = why_not_merged(document.take, place)
    if reason:
        window.notify(reason)
    else:
        window.push(merge_layer(document, place))


ACTIONS: tuple[Action, ...] = (
    Action(
        "auto_key",
        "Auto-key",
        "Animate",
        lambda w: toggle_auto_key(w.document, w.push),
        "record",
        "Ctrl+K",
        "What is changed on the head sets keys at the time cursor",
        checkable=True,
        separator=True,
    ),
    Action(
        "layers",
        "Layers",
        "Animate",
        lambda w: w.workspace.show_dock("Layers"),
        "layers",
        "Ctrl+Shift+A",
        "How the keys meet the clip: layers, their blend and their weight",
    ),
    Action(
        "merge_layer",
        "Merge layer down",
        "Animate",
        _merge_down,
        "layer-down",
        "",
        "Make one layer of the chosen one and the one below; every frame stays as it is",
    ),
    Action(
        "reduce_keys",
        "Reduce to keys…",
        "Animate",
        lambda w: w.reducing.ask(),
        "reduce-keys",
        "",
        "Make the clip of the take few keys, within a tolerance in millimetres",
        starts_job=True,
    ),
)
