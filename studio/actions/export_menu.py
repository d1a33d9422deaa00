"""Export menu: pictures, films, meshes and numbers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from studio.actions.row import Action
from studio.scripting.shell_titles import COMMANDS

if TYPE_CHECKING:
    from studio.window import StudioWindow


def _copy_command(kind: str, window: StudioWindow) -> None:
    window.copies.command(kind)


ACTIONS: tuple[Action, ...] = (
    Action(
        "screenshot",
        "Save picture…",
        "Export",
        lambda w: w.exports.picture(),
        "camera",
        "Ctrl+P",
        "Save what the canvas shows as a picture",
        toolbar=True,
    ),
    Action(
        "copy_picture",
        "Copy picture",
        "Export",
        lambda w: w.exports.copy_picture(),
        "copy",
        "Ctrl+Shift+C",
        "Copy what the canvas shows, to paste it elsewhere",
    ),
    Action(
        "turntable",
        "Save turntable…",
        "Export",
        lambda w: w.exports.turntable(),
        "turntable",
        "Ctrl+T",
        "Film the head as it turns once",
        toolbar=True,
    ),
    Action(
        "film",
        "Save film…",
        "Export",
        lambda w: w.exports.film(),
        "film",
        "",
        "Save the take as a film, as seen",
    ),
    Action(
        "sheet",
        "Save sheet of the appearance…",
        "Export",
        lambda w: w.exports.sheet("texture"),
        "picture-sheet",
        "",
        "Picture the components of the texture, each at low, middle and high",
    ),
    Action(
        "animation",
        "Save animation…",
        "Export",
        lambda w: w.exports.animation(),
        "animation",
        "Ctrl+Shift+E",
        "Save the take as a moving mesh that other programs open: GLB, USD, vertex caches",
        separator=True,
    ),
    Action(
        "mesh",
        "Save mesh…",
        "Export",
        lambda w: w.exports.mesh(),
        "mesh",
        "Ctrl+E",
        "Save the head of this frame as a mesh",
    ),
    Action(
        "parameters",
        "Save parameters…",
        "Export",
        lambda w: w.exports.frame_parameters(),
        "parameters",
        "",
        "Save this frame's parameters as a clip",
    ),
    *(
        Action(
            f"command.{kind}",
            title,
            "Export/Copy as command line",
            partial(_copy_command, kind),
            tip=f"A command that saves the {title.lower()} from the session's file, without a window",
        )
        for kind, title in COMMANDS.items()
    ),
    Action(
        "export_panel",
        "Export settings",
        "Export",
        lambda w: w.workspace.show_dock("Export"),
        "export",
        "",
        "Sizes, formats and how long films are, in a panel",
        separator=True,
    ),
)
