"""The identity space: sampled MakeHuman people, aligned, and their principal components."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

from .assembly import EYES, HeadMesh
from .phenotypes import (
    AVERAGE,
    Axis,
    Phenotypes,
    average_shape,
    local_axes,
    local_target_path,
    macro_weights,
    read_macro_targets,
)
from .skin import cut_height
from .source import Array, BaseMesh, Indices, read_target

PEOPLE = 1000
COMPONENTS = 100
SIZE_DAMPING = 0.55  # else the first component is little more than size
SPREAD = {
    "head": 0.12, "neck": 0.15, "mouth": 0.19, "chin": 0.22, "ears": 0.22, "forehead": 0.22, "nose": 0.23,
    "eyes": 0.25, "cheek": 0.30, "eyebrows": 0.30,
}  # fmt: skip
HALVED = ("scale-vert", "head-age", "ear-flap", "ear-shape-pointed", "epicanthus", "neck-double")
POSTURE = ("head-trans", "head-angle", "neck-trans", "measure-")
SIDE_DIFFERENCE = 0.04
NECK_LENGTH = 0.07  # metres above the cut over which the neck takes up differences in height
SAMPLE_STEP = 10  # one person in so many is kept for fitting the joints


@dataclass(frozen=True, eq=False)
class Identity:
    """Mean (V, 3) and its joints (5, 3), components (V, 3, S) per sigma, and people with their joints."""

    mean: Array
    joints: Array
    components: Array
    samples: Array  # (N, V, 3)
    sample_joints: Array  # (N, 5, 3)


def build_identity(
    folder: Path, base: BaseMesh, mesh: HeadMesh, joint_rows: sparse.csr_matrix, importance: Array
) -> Identity:
    """Principal components of sampled people and of their mirror images.

    Args:
        folder: the MakeHuman data.
        base: the base mesh.
        mesh: the head.
        joint_rows: (5, base vertices) the joints as an operator on the base mesh.
        importance: (V,) weight of each vertex in the decomposition.

    """
    count = len(mesh.template)
    average = (average_shape(folder, base.vertices) - mesh.origin) * mesh.scale + EYES
    operator = sparse.vstack([mesh.operator, joint_rows]).tocsr()
    template = operator @ average
    mirror = np.concatenate([mesh.mirror, count + np.array([0, 1, 2, 4, 3])])
    weights, targets = _weighted_targets(folder, base, operator, mesh.scale)
    offsets = (weights.astype(np.float32) @ targets.reshape(len(targets), -1)).reshape(PEOPLE, -1, 3)
    shapes = _aligned(template.astype(np.float32) + offsets, template, mesh.skull)
    shapes = np.concatenate([shapes, shapes[:, mirror] * np.array([-1.0, 1.0, 1.0], dtype=np.float32)])
    mean = shapes.mean(axis=0, dtype=np.float64)
    slide = np.ones(len(template)) if mesh.plain else _neck_slide(template)
    deviations = (shapes - mean.astype(np.float32)) * np.stack(
        [np.ones_like(slide), slide, 0.5 + 0.5 * slide], axis=1
    )
    deviations = deviations.astype(np.float32)
    components = _principal(deviations[:, :count], importance, mesh.mirror)
    people = mean.astype(np.float32) + deviations[::SAMPLE_STEP]
    return Identity(mean[:count], mean[count:], components, people[:, :count], people[:, count:])


def _neck_slide(positions: Array) -> Array:
    """1 where a person's neck is free, 0 at the cut, which keeps its height: small heads keep a neck."""
    share = np.clip(cut_height(positions) / NECK_LENGTH, 0.0, 1.0)
    return share * share * (3.0 - 2.0 * share)


def _weighted_targets(
    folder: Path, base: BaseMesh, operator: sparse.csr_matrix, scale: float
) -> tuple[Array, Array]:
    """Weights (N, T) of the sampled people, and the displacements (T, V, 3) from the average adult."""
    random = np.random.default_rng(2024)
    people = _sample(random)
    average = macro_weights(AVERAGE)
    count = len(base.vertices)
    columns, targets = [], []
    sampled = macro_weights(people)
    for name, displacement in read_macro_targets(folder, count).items():
        columns.append(sampled[name] - average[name])
        targets.append((operator @ displacement) * scale)
    for axis in local_axes(folder):
        sigma = _sigma(axis)
        if sigma == 0.0:
            continue
        shared = random.normal(0.0, sigma, PEOPLE)
        for side, negative, positive in axis.ends:
            value = shared + (random.normal(0.0, SIDE_DIFFERENCE, PEOPLE) if side != "unsided" else 0.0)
            for stem, amount in ((negative, np.maximum(-value, 0.0)), (positive, np.maximum(value, 0.0))):
                displacement = read_target(local_target_path(folder, axis.category, stem), count)
                columns.append(amount)
                targets.append((operator @ displacement) * scale)
    return np.stack(columns, axis=1), np.array(targets, dtype=np.float32)


def _sample(random: np.random.Generator) -> Phenotypes:
    def around(middle: float, spread: float) -> Array:
        return np.clip(random.normal(middle, spread, PEOPLE), 0.0, 1.0)

    gender = np.clip(random.choice([0.1, 0.9], PEOPLE) + random.normal(0.0, 0.15, PEOPLE), 0.0, 1.0)
    return Phenotypes(
        gender, np.clip(random.exponential(0.25, PEOPLE), 0.0, 1.0), around(0.5, 0.15), around(0.5, 0.18),
        around(0.5, 0.12), random.uniform(0.0, 0.6, PEOPLE), random.dirichlet([0.7] * 3, PEOPLE),
    )  # fmt: skip


def _sigma(axis: Axis) -> float:
    if any(word in axis.name for word in POSTURE):
        return 0.0
    return SPREAD[axis.category] * (0.5 if any(word in axis.name for word in HALVED) else 1.0)


def _aligned(shapes: Array, template: Array, skull: Indices) -> Array:
    """Shapes (N, V, 3) with the vertices ``skull`` on one centroid and their size damped."""
    centres = shapes[:, skull].mean(axis=1, keepdims=True)
    size = np.sqrt(((shapes[:, skull] - centres) ** 2).sum(axis=(1, 2)))
    factor = (size / size.mean()) ** -SIZE_DAMPING
    return (shapes - centres) * factor[:, None, None] + template[skull].mean(axis=0).astype(np.float32)


def _principal(deviations: Array, importance: Array, mirror: Indices) -> Array:
    """Components (V, 3, S) of ``deviations`` (N, V, 3), weighted by ``importance``, by the Gram matrix.

    Each is given the sign that makes its largest entry positive, and made exactly even or odd under
    the mirror, which the eigenvectors of a mirrored sample are but for rounding.
    """
    count = len(deviations)
    flat = (deviations * importance[None, :, None].astype(np.float32)).reshape(count, -1)
    values, vectors = np.linalg.eigh((flat @ flat.T).astype(np.float64))
    order = np.argsort(values)[::-1][:COMPONENTS]
    coefficients = vectors[:, order].astype(np.float32)
    raw = deviations.reshape(count, -1).T @ coefficients / np.sqrt(np.float32(count))
    components = raw.astype(np.float64).reshape(-1, 3, COMPONENTS)
    mirrored = components[mirror] * np.array([-1.0, 1.0, 1.0])[None, :, None]
    parity = np.sign((components * mirrored).sum(axis=(0, 1)))
    components = 0.5 * (components + parity * mirrored)
    flat_components = components.reshape(-1, COMPONENTS)
    # of the two equal peaks of a mirrored pair the earlier one decides
    peak = np.argmax(np.abs(flat_components).round(9), axis=0)
    return components * np.sign(flat_components[peak, np.arange(COMPONENTS)])
