"""A take as a still head and morph targets: everything that is linear before the joints turn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.controls.titles import component_titles
from studio.controls.unit_space import UnitSpace
from studio.export.gltf.motion import Motion
from studio.export.gltf.options import GltfOptions
from studio.export.gltf.unit_targets import UnitReading, read_units
from studio.flame.model import JOINT_NAMES, HeadModel
from studio.flame.rotations import to_matrices
from studio.jobs.job import Cancelled, Report

Array = NDArray[np.float64]

STILL = 1e-8  # metres: what moves the surface by less does not move it
SIDES = ("eyelidLeft", "eyelidRight")


@dataclass(frozen=True, eq=False)
class Target:
    """One morph target: what weight 1 adds to the vertices, and the weight over time."""

    name: str
    moved: NDArray[np.float32]  # (V, 3) metres
    weights: NDArray[np.float32]  # (T,)


@dataclass(frozen=True, eq=False)
class Morphs:
    """A head of V vertices before its joints turn: ``base`` plus each target times its weight."""

    base: NDArray[np.float32]  # (V, 3) metres
    targets: tuple[Target, ...]
    left_out: tuple[str, ...]  # sentences on what moves and has no target

    @property
    def weights(self) -> NDArray[np.float32]:
        """The weights (T, K) of all targets; (0, 0) where there is none."""
        if not self.targets:
            return np.zeros((0, 0), np.float32)
        return np.stack([target.weights for target in self.targets], axis=1)


@dataclass
class _Basket:
    """The base while it is made, and what is put beside it."""

    base: Array
    targets: list[Target]
    left_out: list[str]

    def bake(self, directions: NDArray[np.float32], amounts: NDArray) -> None:
        """Add ``directions`` (V, 3, N) times ``amounts`` (N,) to the base."""
        used = np.flatnonzero(amounts)
        self.base += directions[:, :, used].astype(np.float64) @ np.asarray(amounts, np.float64)[used]

    def add(
        self, directions: NDArray[np.float32], names: Iterable[str], tracks: NDArray, places: Iterable[int]
    ) -> None:
        """A target for each of ``places`` among ``directions`` (V, 3, N) with ``tracks`` (T, N)."""
        titles = tuple(names)
        for place in places:
            moved = np.ascontiguousarray(directions[:, :, place], np.float32)
            self.targets.append(Target(titles[place], moved, np.asarray(tracks[:, place], np.float32)))


def morphs_of(
    model: HeadModel,
    motion: Motion,
    options: GltfOptions,
    space: UnitSpace | None,
    progress: Report,
    cancelled: Cancelled,
) -> Morphs:
    """The head of ``motion`` as targets, as ``options`` choose them.

    Args:
        model: of the head.
        motion: of the take on it.
        options: what becomes a target.
        space: the units, where the options ask for them; None for components.
        progress: is told of the frames whose units are read.
        cancelled: is asked meanwhile.

    Raises:
        JobCancelled: it was asked to stop.

    """
    basket = _Basket(model.v_template.astype(np.float64), [], [])
    if motion.static_offset is not None:
        basket.base += motion.static_offset
    _identity(basket, model, motion, options)
    if space is not None:
        reading = read_units(model, motion, space, progress, cancelled)
        _units(basket, model, reading, options)
    else:
        _components(basket, model, motion.expr, options)
        _eyelids(basket, model, motion.eyelids)
    _correctives(basket, model, motion, options)
    _offsets(basket, motion)
    targets = _with_names_of_their_own(basket.targets)
    return Morphs(basket.base.astype(np.float32), targets, tuple(basket.left_out))


def _identity(basket: _Basket, model: HeadModel, motion: Motion, options: GltfOptions) -> None:
    baked = motion.shape.copy()
    if options.identity == "targets":
        count = options.identity_count
        chosen = np.flatnonzero(motion.shape) if count is None else np.arange(min(count, len(motion.shape)))
        titles = component_titles(model.shape_names, model.shape_count, "Identity")
        tracks = np.broadcast_to(motion.shape, (len(motion), len(motion.shape)))
        basket.add(model.shapedirs, titles, tracks, chosen)
        baked[chosen] = 0.0
    basket.bake(model.shapedirs, baked)


def _components(basket: _Basket, model: HeadModel, expr: NDArray, options: GltfOptions) -> None:
    """Components of the expression: those that are asked for, and of the others what stays the same."""
    moving = _moving(model.expressiondirs, expr)
    if options.targets == "components":
        everything = range(model.expression_count)
        chosen = set(everything if options.count is None else everything[: options.count])
        lost = sorted(set(moving) - chosen)
        if lost:
            basket.left_out.append(f"{len(lost)} expression components move and were not chosen.")
    else:
        chosen, lost = set(moving), []
    basket.add(model.expressiondirs, _expression_names(model), expr, sorted(chosen))
    baked = expr[0].copy()
    baked[sorted({*chosen, *lost})] = 0.0
    basket.bake(model.expressiondirs, baked)


def _expression_names(model: HeadModel) -> tuple[str, ...]:
    """What targets are called: the model's own names as they are, for programs that look for them."""
    titles = component_titles((), model.expression_count, "Expression")
    return tuple(
        model.expression_names[place] if place < len(model.expression_names) else title
        for place, title in enumerate(titles)
    )


def _eyelids(basket: _Basket, model: HeadModel, eyelids: NDArray) -> None:
    if model.eyelids is None:
        return
    moving = _moving(model.eyelids, eyelids)
    basket.add(model.eyelids, SIDES, eyelids, moving)
    baked = eyelids[0].copy()
    baked[moving] = 0.0
    basket.bake(model.eyelids, baked)


def _units(basket: _Basket, model: HeadModel, reading: UnitReading, options: GltfOptions) -> None:
    basket.add(reading.directions, reading.names, reading.values, range(len(reading.names)))
    if reading.turned:
        names = ", ".join(reading.turned)
        basket.left_out.append(f"No targets for {names}: they are turns of joints, which the skeleton makes.")
    rest, lids = reading.rest, reading.lid_rest
    if options.rest == "none":
        if _moves(model.expressiondirs, rest) or (model.eyelids is not None and _moves(model.eyelids, lids)):
            basket.left_out.append("The face holds what no unit says, and that is left out.")
        return
    moving = _moving(model.expressiondirs, rest)
    titles = tuple(f"{name} (rest)" for name in _expression_names(model))
    basket.add(model.expressiondirs, titles, rest, moving)
    baked = rest[0].copy()
    baked[moving] = 0.0
    basket.bake(model.expressiondirs, baked)
    _eyelids(basket, model, lids)


def _moves(directions: NDArray[np.float32], tracks: NDArray) -> bool:
    reach = np.abs(directions).max(axis=(0, 1), initial=0.0)
    return bool((reach * np.abs(tracks).max(axis=0, initial=0.0) > STILL).any())


def _correctives(basket: _Basket, model: HeadModel, motion: Motion, options: GltfOptions) -> None:
    """Pose correctives are linear in the entries of R - I: each that moves is the weight of a target."""
    turns = to_matrices(motion.pose.reshape(-1, 5, 3)[:, 1:]) - np.eye(3)
    features = turns.reshape(len(motion), -1)
    if options.correctives == "none":
        if _moves(model.posedirs, features):
            basket.left_out.append("Pose correctives are left out.")
        return
    moving = _moving(model.posedirs, features)
    names = [
        f"{joint} corrective {row}{column}"
        for joint in JOINT_NAMES[1:]
        for row in range(1, 4)
        for column in range(1, 4)
    ]
    basket.add(model.posedirs, names, features, moving)
    baked = features[0].copy()
    baked[moving] = 0.0
    basket.bake(model.posedirs, baked)


def _offsets(basket: _Basket, motion: Motion) -> None:
    if motion.offsets is None:
        if motion.has_offsets:
            basket.left_out.append("Vertex offsets that change from frame to frame are left out.")
        return
    frames = np.flatnonzero(motion.offsets.any(axis=(1, 2)))
    tracks = np.eye(len(motion), dtype=np.float32)
    for frame in frames:
        moved = np.ascontiguousarray(motion.offsets[frame])
        basket.targets.append(Target(f"offset of frame {frame}", moved, tracks[:, frame]))


def _moving(directions: NDArray[np.float32], tracks: NDArray) -> list[int]:
    """The places among ``tracks`` (T, N) that move a vertex over time; directions are (V, 3, N)."""
    reach = np.abs(directions).max(axis=(0, 1), initial=0.0)
    return [int(place) for place in np.flatnonzero(reach * np.ptp(tracks, axis=0) > STILL)]


def _with_names_of_their_own(targets: Iterable[Target]) -> tuple[Target, ...]:
    """The targets, none of them called as one before it."""
    taken: dict[str, int] = {}
    named = []
    for target in targets:
        times = taken[target.name] = taken.get(target.name, 0) + 1
        name = target.name if times == 1 else f"{target.name} {times}"
        named.append(Target(name, target.moved, target.weights))
    return tuple(named)
