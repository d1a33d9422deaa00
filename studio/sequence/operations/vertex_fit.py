"""Parameters of a sequence of vertices in correspondence, and how far they are from it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.flame.model import HeadModel
from studio.flame.params import frozen, pose_fields
from studio.sequence.clip import Clip
from studio.sequence.operations.surface_fit import Pose, SurfaceFit, expression_fit, identity_fit
from studio.sequence.turns import from_matrices
from studio.storage.errors import StudioError

Array = NDArray[np.float64]
Step = Callable[[int, int], None]  # frames done, and how many there are; may raise to stop

JOINTS = ("root", "neck", "jaw", "eyes")
SMOOTHNESS = 1e-6  # metres; keeps components apart that nothing else tells apart
_UNITS = {"millimetres": 1e-3, "centimetres": 1e-2, "metres": 1.0}
_LIKELY = (0.4, 2.5)  # times the size of the model's own head
_RIGID = ("root",)


@dataclass(frozen=True, eq=False)
class Fitted:
    """A clip, and how far its surfaces are from the vertices that were asked for, in millimetres."""

    clip: Clip
    mean_mm: float  # root mean square over all vertices of all frames
    frame_mm: Array  # (T,) root mean square of each frame
    worst_mm: float  # the farthest vertex of all
    notices: tuple[str, ...] = ()

    def told(self) -> dict[str, float]:
        """The numbers of all frames together, by what they are."""
        return {
            "residual_mm": round(self.mean_mm, 6),
            "worst_frame_mm": round(float(self.frame_mm.max()), 6),
            "worst_vertex_mm": round(self.worst_mm, 6),
        }


@dataclass(frozen=True)
class FitSettings:
    """What is fitted beside the expression, and how."""

    joints: tuple[str, ...] = ("neck", "jaw")  # of JOINTS
    places: bool = False  # translation too
    eyelids: bool = False
    smoothness: float = SMOOTHNESS


def checked_vertices(model: HeadModel, vertices: NDArray, label: str) -> tuple[NDArray, str]:
    """``vertices`` as (T, V, 3) in metres, and a notice where their unit was another one.

    Rows of 3 V numbers are taken for V vertices. The unit is told by the size of the head.

    Raises:
        StudioError: they are of another mesh, of no sensible size, there is no frame, or a number in
            them is not finite; the sentence names the frame.

    """
    count = model.vertex_count
    if vertices.dtype.kind not in "fiu":
        raise StudioError(f"{label} does not hold numbers; choose a file of vertices.")
    frames = vertices[None] if vertices.shape == (count, 3) else vertices
    if frames.ndim == 2 and frames.shape[1] == 3 * count:
        frames = frames.reshape(-1, count, 3)
    if frames.ndim != 3 or frames.shape[1:] != (count, 3):
        raise StudioError(
            f"{label} has the shape {vertices.shape}, and one on {model.name} is (frames, {count}, 3); "
            "use the model whose mesh it was made on."
        )
    if not len(frames):
        raise StudioError(f"{label} has no frames.")
    sizes = []
    for index, frame in enumerate(frames):
        size = float(np.ptp(frame[:, 1]))
        if not np.isfinite(size) or not np.isfinite(frame).all():
            raise StudioError(
                f"{label} holds a number that is not finite in frame {index}; leave that frame out."
            )
        sizes.append(size)
    own = float(np.ptp(model.v_template[:, 1]))
    for unit, scale in _UNITS.items():
        if _LIKELY[0] < float(np.median(sizes)) * scale / own < _LIKELY[1]:
            if scale == 1.0:
                return frames, ""
            return frames * np.float32(scale), f"{label} is in {unit}, and was taken so."
    raise StudioError(
        f"The heads in {label} are {float(np.median(sizes)):g} high, which is a head in no usual unit; "
        "scale them to metres."
    )


def fit_identity(model: HeadModel, vertices: Array) -> tuple[NDArray[np.float32], float]:
    """The shape (S,) of a relaxed head of ``vertices`` (V, 3) in metres, wherever it is turned to.

    Returns:
        The shape, and the root mean square distance of its surface in millimetres.

    """
    fit = identity_fit(model, _RIGID, SMOOTHNESS)
    found, missing = fit.solve(vertices.astype(np.float64), _aligned(model, vertices, fit))
    return found.blends.astype(np.float32), _rms_mm(missing)


def fit_sequence(
    model: HeadModel,
    vertices: NDArray,
    shape: NDArray,
    settings: FitSettings,
    fps: float,
    static_offset: NDArray[np.float32] | None = None,
    step: Step = lambda _done, _count: None,
) -> Fitted:
    """The clip on the head ``shape`` (S,) whose surfaces are nearest to ``vertices`` (T, V, 3), metres.

    Each frame begins at the one before it. Several starts are tried for the first one, whose head may be
    turned anywhere.

    Raises:
        StudioError: a joint is none.

    """
    _check_joints(settings.joints)
    known = min(len(shape), model.shape_count)
    rest = model.v_template + model.shapedirs[:, :, :known].astype(np.float64) @ shape[:known]
    if static_offset is not None:
        rest = rest + static_offset
    fit = expression_fit(model, rest, settings.joints, settings.places, settings.smoothness, settings.eyelids)
    begun = fit.neutral()
    if settings.places and "root" in settings.joints:
        begun = _aligned(model, vertices[0], fit, rest)
    poses, errors, worst = [], np.zeros(len(vertices)), 0.0
    for index, frame in enumerate(vertices):
        step(index, len(vertices))
        begun, missing = fit.solve(frame.astype(np.float64), begun)
        poses.append(begun)
        errors[index] = _rms_mm(missing)
        worst = max(worst, 1000.0 * float(np.sqrt((missing**2).sum(axis=1).max())))
    clip = _clip_of(poses, model, shape, fps, static_offset)
    return Fitted(clip, float(np.sqrt(np.mean(errors**2))), errors, worst)


def _clip_of(
    poses: Collection[Pose],
    model: HeadModel,
    shape: NDArray,
    fps: float,
    static_offset: NDArray[np.float32] | None,
) -> Clip:
    blends = np.stack([pose.blends for pose in poses])
    lids = blends[:, model.expression_count :]
    return Clip(
        shape=shape,
        expr=frozen(blends[:, : model.expression_count]),
        **pose_fields(np.stack([pose.pose for pose in poses])),
        translation=np.stack([pose.translation for pose in poses]),
        eyelids=frozen(lids if lids.shape[1] else np.zeros((len(poses), 2))),
        static_offset=static_offset,
        fps=fps,
        model_name=model.name,
        model_digest=model.digest,
    )


def _check_joints(joints: Collection[str]) -> None:
    for name in joints:
        if name not in JOINTS:
            raise StudioError(f"There is no joint called {name}; there are {', '.join(JOINTS)}.")


def _rms_mm(missing: NDArray) -> float:
    return 1000.0 * float(np.sqrt(np.mean((missing.astype(np.float64) ** 2).sum(axis=-1))))


def _aligned(model: HeadModel, vertices: NDArray, fit: SurfaceFit, rest: Array | None = None) -> Pose:
    """The rest head turned and moved onto ``vertices`` (V, 3) rigidly: Kabsch 1976, about the root joint."""
    own = model.v_template.astype(np.float64) if rest is None else rest
    centre, theirs = own.mean(axis=0), vertices.mean(axis=0, dtype=np.float64)
    left, _, right = np.linalg.svd((own - centre).T @ (vertices - theirs))
    flip = np.diag([1.0, 1.0, np.sign(np.linalg.det(left @ right))])
    turn = (left @ flip @ right).T
    root = model.j_regressor[0].astype(np.float64) @ own
    pose = fit.neutral()
    turned = pose.pose.copy()
    turned[:3] = from_matrices(turn)
    return Pose(pose.blends, turned, theirs - turn @ (centre - root) - root)
