"""A head as FLAME's are: no names, no regions, nothing inside its mouth; made from the open head."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from studio.flame.model import HeadModel
from studio.flame.open_head import load_open_head
from studio.flame.parts import without_parts

IN_THE_MOUTH = ("teeth", "gums", "tongue", "mouth_cavity")
FLAME_REGIONS = ("face", "neck", "nose", "lips", "left_eyeball", "right_eyeball")


@cache
def plain_head() -> HeadModel:
    """The open head without what FLAME lacks, and without eyelids of its own."""
    head = load_open_head()
    bare = without_parts(head, IN_THE_MOUTH)
    return replace(
        bare,
        name="plain",
        expression_names=(),
        albedo=None,
        eyelids=None,
        regions={name: bare.regions[name] for name in FLAME_REGIONS},
    )
