"""What can be chosen about a GLB, as an immutable value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Faces = Literal["moving", "components", "units"]
FACES: tuple[Faces, ...] = get_args(Faces)

Identity = Literal["baked", "targets"]
IDENTITIES: tuple[Identity, ...] = get_args(Identity)

Kept = Literal["targets", "none"]
KEPT: tuple[Kept, ...] = get_args(Kept)


@dataclass(frozen=True)
class GltfOptions:
    """How a take becomes morph targets.

    ``targets`` are the expression components that move, all of them (or the first ``count``), or the named
    units of the face. What a choice has no target for is baked in where it stays the same over the take;
    what moves and has none is left out, and how far the surface is off is measured.
    """

    targets: Faces = "moving"
    count: int | None = None  # of "components": the first ones only
    rest: Kept = "targets"  # of "units": what no unit says of the face
    identity: Identity = "baked"
    identity_count: int | None = None  # None: the components that are not 0
    correctives: Kept = "targets"  # of the pose: a target for each entry of a rotation that moves a vertex
    offsets: Kept = "none"  # vertex offsets that change over time: a target for each frame
    target_normals: bool = True  # normals move with their targets
    texture: bool = True
