"""Diffusion priors within a fit: which ones it has, and how they pull on what moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.fitting.dposer.files import PriorFiles, find_priors, load_prior, unfit_for
from studio.fitting.dposer.network import Namespace
from studio.fitting.dposer.prior import FACE, DiffusionPrior
from studio.flame.folders import model_folders
from studio.flame.model import HeadModel
from studio.storage.errors import StudioError

SHIPPED = Path(__file__).with_name("data")  # of the open head

_SHAPE_SHARE = 0.1  # what the shape's prior counts beside the face's, in the published fork's stages
_NONE = (
    "The diffusion prior of this recipe needs DPoser-X's files: put face/BaseMLP/last.ckpt and "
    "jaw_normalizer and expression_normalizer into the folder dposer of the model folder, or train one with "
    "`train prior`; else choose another recipe."
)


def priors_for(
    model: HeadModel, library: Namespace, chosen: Sequence[PriorFiles] = ()
) -> tuple[DiffusionPrior, ...]:
    """The priors for fits of ``model``: the ``chosen`` ones, else those in the model folders or shipped.

    Raises:
        StudioError: there is none, one cannot be read, or one was trained on another basis.

    """
    found, unfit = [], ""
    for files in chosen or find_priors([*model_folders(model.source), SHIPPED]):
        prior = load_prior(files, library)
        problem = unfit_for(prior, model)
        if not problem:
            found.append(prior)
        elif chosen:
            raise StudioError(problem)
        unfit = unfit or problem
    if not found:
        raise StudioError(unfit or _NONE)
    return tuple(found)


def pulled(
    priors: Sequence[DiffusionPrior],
    values: Mapping[str, NDArray[np.float64]],
    done: float,
    random: np.random.Generator,
) -> tuple[float, dict[str, NDArray[np.float64]]]:
    """What ``values`` cost by all ``priors``, and the slopes by the arrays jaw_pose, expr and shape.

    Args:
        priors: of faces and shapes.
        values: "jaw_pose" (B, 3), "expr" (B, E) and "shape" (I, S), whole.
        done: how far the fit is, 0..1.
        random: draws the noise.

    """
    cost, slopes = 0.0, {name: np.zeros_like(values[name]) for name in ("jaw_pose", "expr", "shape")}
    for prior in priors:
        if prior.of == FACE:
            count = prior.width - 3
            face = np.concatenate([values["jaw_pose"], values["expr"][:, :count]], axis=1)
            more, slope = prior.pull(face, done, random)
            slopes["jaw_pose"] += slope[:, :3]
            slopes["expr"][:, :count] += slope[:, 3:]
        else:
            more, slope = prior.pull(values["shape"][:, : prior.width], done, random)
            more, slope = _SHAPE_SHARE * more, _SHAPE_SHARE * slope
            slopes["shape"][:, : prior.width] += slope
        cost += more
    return cost, slopes
