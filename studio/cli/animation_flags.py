"""The flags that say how a take becomes a GLB."""

from __future__ import annotations

import argparse

from studio.cli import values
from studio.export.gltf.options import FACES, IDENTITIES, KEPT, GltfOptions


def add_animation_flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags as a group of their own."""
    group = parser.add_argument_group("glb")
    usual = GltfOptions()
    group.add_argument(
        "--targets",
        choices=FACES,
        default=usual.targets,
        help="morph targets: the expression components that move (the default), all, or the units of ARKit",
    )
    group.add_argument(
        "--count", type=values.positive, metavar="N", help="of --targets components: the first N only"
    )
    group.add_argument(
        "--rest",
        choices=KEPT,
        default=usual.rest,
        help="of --targets units: what no unit says of the face; default targets",
    )
    group.add_argument(
        "--identity",
        choices=IDENTITIES,
        default=usual.identity,
        help="baked into the mesh (the default), or its components as morph targets",
    )
    group.add_argument(
        "--identity-count",
        type=values.positive,
        metavar="N",
        help="of --identity targets: the first N; default those that are not 0",
    )
    group.add_argument(
        "--correctives",
        choices=KEPT,
        default=usual.correctives,
        help="of the pose: as morph targets (the default), or left out, and the difference told",
    )
    group.add_argument(
        "--offsets",
        choices=KEPT,
        default=usual.offsets,
        help="vertex offsets that change: a morph target for each frame, or left out (the default)",
    )
    group.add_argument(
        "--plain-targets", action="store_true", help="targets without normals, for a file half as large"
    )


def gltf_options(arguments: argparse.Namespace) -> GltfOptions:
    """What the flags choose."""
    return GltfOptions(
        targets=arguments.targets,
        count=arguments.count,
        rest=arguments.rest,
        identity=arguments.identity,
        identity_count=arguments.identity_count,
        correctives=arguments.correctives,
        offsets=arguments.offsets,
        target_normals=not arguments.plain_targets,
    )
