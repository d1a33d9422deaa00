"""What the fit of a film comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.document.photo_camera import PhotoCamera
from studio.fitting.state import FitState
from studio.fitting.video.frame import Frame
from studio.flame.model import HeadModel
from studio.sequence.clip import Clip


@dataclass(frozen=True, eq=False)
class FilmFit:
    """A clip before one camera, and how well each frame fits."""

    clip: Clip  # its translations take the head from the camera's place to where it is in each frame
    camera: PhotoCamera
    errors: NDArray[np.float32]  # (T,) what landmarks miss, percent of the outer-eye distance; NaN: unknown
    states: tuple[FitState, ...]  # each before its own camera
    notices: tuple[str, ...] = ()


def film_fit(model: HeadModel, frames: Sequence[Frame], fps: float, notices: tuple[str, ...] = ()) -> FilmFit:
    """The clip of ``frames``, one for each frame of the film."""
    states = tuple(frame.state for frame in frames)
    camera = states[0].camera
    places = np.array([state.camera.place for state in states])
    params = [state.params for state in states]
    clip = Clip(
        shape=params[0].shape,
        expr=np.stack([one.expr for one in params]),
        rotation=np.stack([one.rotation for one in params]),
        neck_pose=np.stack([one.neck_pose for one in params]),
        jaw_pose=np.stack([one.jaw_pose for one in params]),
        eyes_pose=np.stack([one.eyes_pose for one in params]),
        translation=places - places[0],
        eyelids=np.stack([one.eyelids for one in params]),
        fps=fps,
        model_name=model.name,
        model_digest=model.digest,
    )
    errors = np.array([frame.error for frame in frames], np.float32)
    return FilmFit(clip, camera, errors, states, notices)
