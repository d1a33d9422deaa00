"""How eyelids close: the displacement of each vertex from open to closed, for the left and the right eye.

It is added to the unposed head, scaled by ``Params.eyelids``; joints do not move with it. A model that
names its blinks gives them; of others it is solved from the expression basis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.flame.model import FloatArray, LandmarkEmbedding
from studio.flame.surface_graph import (
    SurfaceGraph,
    distances,
    landmark_vertex,
    path_through,
    resampling,
    surface_graph,
)

NAMES = ("eyeBlinkLeft", "eyeBlinkRight")

# iBUG numbers along the upper and the lower margin, between the same two corners: left eye, right eye.
MARGINS = (
    ((42, 43, 44, 45), (42, 47, 46, 45)),
    ((36, 37, 38, 39), (36, 41, 40, 39)),
)
SAMPLES = 9  # points along a margin
LEFT_EYE = 3  # joint; the right one is the next

# Along the surface from the margins, in widths of the eye (about 30 mm): the lids proper move as solved,
# what is farther than the falloff does not move.
LID_REACH, FALLOFF_END = 0.35, 0.85
EYE_DEPTH = 0.35  # of the middle of an eyeball that is not there
HOLD = 0.3  # how far what closes the rest of the gap takes the upper lid along

# Weights of the least squares, the gap's being 1. All lengths are metres.
SLIDING = 0.1  # the margins may meet one before the other, and beside it
LOWER_LID = 0.6  # the lower lid hardly moves
ELSEWHERE = 0.2  # neither does the face around the eyes
USELESS_BELOW, USEFUL_FROM = 0.5, 0.8  # of the opening, closed by the expression
EFFORT = 1e-3  # metres that one unit of a component costs
STEPS_OF_CLOSING = 3  # corrections for what the basis leaves open


@dataclass(frozen=True, eq=False)
class _Eye:
    """One eye of a model of V vertices; both margins run between the same corners."""

    upper: NDArray[np.intp]  # vertices of the upper margin
    lower: NDArray[np.intp]
    upper_weights: NDArray[np.float64]  # (SAMPLES, N) points along the upper margin, without its ends
    lower_weights: NDArray[np.float64]
    mask: NDArray[np.float64]  # (V,) 1 on the lids, 0 away from the eye
    hold: NDArray[np.float64]  # (V,) 1 on the upper margin, falling with the way from it, 0 on the lower lid
    along: NDArray[np.float64]  # (V,) 0 at the first corner, 1 at the last
    up: NDArray[np.float64]  # (3,) unit, across the line between the corners
    forward: NDArray[np.float64]  # (3,) unit, across both, out of the face
    centre: NDArray[np.float64]  # (3,) of the eyeball

    def gap(self, points: NDArray) -> NDArray[np.float64]:
        """From the upper to the lower margin (SAMPLES, …) of what ``points`` (V, …) say of each vertex."""
        upper = np.tensordot(self.upper_weights, points[self.upper], 1)
        return np.asarray(np.tensordot(self.lower_weights, points[self.lower], 1) - upper)


def named_eyelids(expressiondirs: FloatArray, names: tuple[str, ...]) -> FloatArray | None:
    """The eyelids (V, 3, 2) of a basis (V, 3, E) that names its blinks; None where it does not."""
    if not set(NAMES) <= set(names):
        return None
    return np.stack([expressiondirs[:, :, names.index(name)] for name in NAMES], axis=2)


def solved_eyelids(
    v_template: FloatArray,
    faces: NDArray[np.int32],
    expressiondirs: FloatArray,
    lbs_weights: FloatArray,
    landmarks: LandmarkEmbedding,
) -> FloatArray | None:
    """The eyelids (V, 3, 2) as the expression basis closes them, as far as it can.

    For each eye, the coefficients are solved by regularised least squares for which the upper margin
    meets the lower one, the lower lid hardly moves and the rest of the face stays. What they do is kept
    near the eye, with a smooth end along the surface, and what they leave open is closed by turning
    the upper lid about the eyeball and then down the rest of the way.

    Returns:
        Metres, or None where the landmarks do not lie around eyes.

    """
    graph = surface_graph(v_template, faces)
    eyeballs = lbs_weights[:, LEFT_EYE : LEFT_EYE + 2] > 0.5
    left, right = (
        _eye(v_template, graph, landmarks, margins, eyeballs[:, side]) for side, margins in enumerate(MARGINS)
    )
    if left is None or right is None:
        return None
    basis = expressiondirs.astype(np.float64)
    skin = np.asarray(~eyeballs.any(axis=1))
    solved = [_closing(v_template.astype(np.float64), basis, eye, skin) for eye in (left, right)]
    return np.stack(solved, axis=2).astype(np.float32)


def _eye(
    v_template: FloatArray,
    graph: SurfaceGraph,
    landmarks: LandmarkEmbedding,
    margins: tuple[tuple[int, ...], tuple[int, ...]],
    eyeball: NDArray[np.bool_],
) -> _Eye | None:
    """The eye between ``margins``; None where no way along the surface joins them."""
    paths = [path_through(graph, [landmark_vertex(landmarks, number) for number in line]) for line in margins]
    upper, lower = paths
    if upper is None or lower is None:
        return None
    width = float(np.linalg.norm(v_template[upper[0]].astype(np.float64) - v_template[upper[-1]]))
    if not width > 0.0:
        return None
    from_upper, from_lower = (
        distances(graph, path, FALLOFF_END * width)[0] / width for path in (upper, lower)
    )
    end = np.clip((np.minimum(from_upper, from_lower) - LID_REACH) / (FALLOFF_END - LID_REACH), 0.0, 1.0)
    mask = 1.0 - end * end * (3.0 - 2.0 * end)
    mask[eyeball] = 0.0
    hold = np.where(from_upper < from_lower, mask * np.exp(-((from_upper / HOLD) ** 2)), 0.0)
    axis = (v_template[upper[-1]] - v_template[upper[0]]).astype(np.float64)
    up = np.array((0.0, 1.0, 0.0)) - axis[1] * axis / width**2
    up /= np.linalg.norm(up)
    forward = np.cross(axis / width, up)
    forward *= np.sign(forward[2])
    corners = 0.5 * (v_template[upper[0]] + v_template[upper[-1]])
    upper_weights, lower_weights = (
        resampling(v_template[path], SAMPLES + 2)[1:-1] for path in (upper, lower)
    )
    return _Eye(
        np.array(upper),
        np.array(lower),
        upper_weights,
        lower_weights,
        mask,
        hold,
        up=up,
        forward=forward,
        centre=v_template[eyeball].mean(axis=0) if eyeball.any() else corners - EYE_DEPTH * width * forward,
        along=(v_template - v_template[upper[0]]) @ axis / width**2,
    )


def _closing(
    points: NDArray[np.float64], basis: NDArray[np.float64], eye: _Eye, skin: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """The displacement (V, 3) that closes ``eye`` of the head with ``points`` (V, 3)."""
    moved = basis @ _coefficients(points, basis, eye, skin) * eye.mask[:, None]
    places = np.concatenate([[0.0], eye.upper_weights @ eye.along[eye.upper], [1.0]])

    def over_lid(at_margin: NDArray[np.float64]) -> NDArray[np.float64]:
        """What the upper margin does (SAMPLES,), spread over the lid (V,)."""
        return np.asarray(eye.hold * np.interp(eye.along, places, np.pad(at_margin, 1)))

    for _ in range(STEPS_OF_CLOSING):
        heights, depths = ((points + moved - eye.centre) @ way for way in (eye.up, eye.forward))
        angles = np.arctan2(heights, depths)
        turn = over_lid(eye.upper_weights @ angles[eye.upper] - eye.lower_weights @ angles[eye.lower])
        sine, less = np.sin(turn), np.cos(turn) - 1.0
        moved += np.outer(heights * less - depths * sine, eye.up)
        moved += np.outer(depths * less + heights * sine, eye.forward)
    for _ in range(STEPS_OF_CLOSING):
        moved += np.outer(over_lid(eye.gap(points + moved) @ eye.up), eye.up)
    return moved


def _coefficients(
    points: NDArray[np.float64], basis: NDArray[np.float64], eye: _Eye, skin: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """The expression (E,) that closes ``eye`` as far as the rest of the face may stay as it is.

    A basis that cannot blink would close it by half, by all the means it has: that is not used.
    """
    count = basis.shape[2]
    if not count:
        return np.zeros(0)
    gap, lower = eye.gap(basis), np.tensordot(eye.lower_weights, basis[eye.lower], 1)
    opening = np.tensordot(eye.up, gap, (0, 1))
    elsewhere = np.flatnonzero((eye.mask < 1.0) & skin)
    share = ELSEWHERE * np.sqrt(SAMPLES / max((eye.mask > 0.0).sum(), 1))
    still = basis[elsewhere] * (share * (1.0 - eye.mask[elsewhere]))[:, None, None]
    normal = EFFORT**2 * np.eye(count)
    for part in (opening, SLIDING * gap, LOWER_LID * lower, still):
        rows = part.reshape(-1, count)
        normal += rows.T @ rows
    wide = -(eye.gap(points) @ eye.up)
    coefficients = np.linalg.solve(normal, opening.T @ wide)
    closed = (opening @ coefficients).mean() / max(wide.mean(), 1e-9)
    useful = np.clip((closed - USELESS_BELOW) / (USEFUL_FROM - USELESS_BELOW), 0.0, 1.0)
    return np.asarray(useful * coefficients, np.float64)
