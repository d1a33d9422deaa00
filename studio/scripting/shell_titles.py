"""What :mod:`studio.scripting.shell` writes command lines of, by the names of menus."""

from __future__ import annotations

COMMANDS = {
    "picture": "Picture",
    "turntable": "Turntable",
    "film": "Film",
    "sheet": "Sheet",
    "animation": "Animation",
    "mesh": "Mesh",
    "parameters": "Parameters",
}
