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

_CHOICES = {"targets": FACES, "rest": KEPT, "identity": IDENTITIES, "correctives": KEPT, "offsets": KEPT}


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

    def __post_init__(self) -> None:
        """Check the choices.

        Raises:
            ValueError: there is no such choice, or a number of components is below 0.

        """
        for field, known in _CHOICES.items():
            if getattr(self, field) not in known:
                raise ValueError(f"{field} is one of {', '.join(known)}, not {getattr(self, field)}.")
        for field in ("count", "identity_count"):
            if (getattr(self, field) or 0) < 0:
                raise ValueError(f"{field} is a number of components, not {getattr(self, field)}.")
