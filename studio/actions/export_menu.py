"""Export menu: pictures, films, meshes and numbers."""

from __future__ import annotations

from studio.actions.row import Action

ACTIONS: tuple[Action, ...] = (
    Action(
        "screenshot",
        "Save picture…",
        "Export",
        lambda w: w.exports.picture(),
        "camera",
        "Ctrl+P",
        toolbar=True,
        starts_job=True,
    ),
    Action(
        "copy_picture",
        "Copy picture",
        "Export",
        lambda w: w.exports.copy_picture(),
        "copy",
        "Ctrl+Shift+C",
        starts_job=True,
    ),
    Action(
        "turntable",
        "Save turntable…",
        "Export",
        lambda w: w.exports.turntable(),
        "turntable",
        "Ctrl+T",
        toolbar=True,
        starts_job=True,
    ),
    Action(
        "film",
        "Save film…",
        "Export",
        lambda w: w.exports.film(),
        "film",
        "",
        "The take as a film, as seen",
        starts_job=True,
    ),
    Action(
        "sheet",
        "Save sheet of the appearance…",
        "Export",
        lambda w: w.exports.sheet("texture"),
        "picture-sheet",
        "",
        "The components of the texture, each at low, middle and high",
        starts_job=True,
    ),
    Action(
        "mesh",
        "Save mesh…",
        "Export",
        lambda w: w.exports.mesh(),
        "mesh",
        "Ctrl+E",
        separator=True,
        starts_job=True,
    ),
    Action(
        "parameters",
        "Save parameters…",
        "Export",
        lambda w: w.exports.frame_parameters(),
        "parameters",
        "",
        "This frame's parameters",
        starts_job=True,
    ),
)
