"""A diffusion prior at work: how it pulls on a face that is sought, and how it completes one half known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from studio.fitting.dposer.network import TimeNetwork
from studio.fitting.dposer.schedule import alpha, sigma, truncated_time

Array = NDArray[np.float64]
Of = Literal["face", "shape"]  # what it knows: jaw_pose (3) and expression, or shape

FACE: Of = "face"
SHAPE: Of = "shape"
_FARTHEST = 4.0  # deviations; early in the reversed diffusion little noise is taken for much face
_RETURNS = 3  # how often each step of the reversed diffusion is taken
_SHARE = 0.5  # of the squared distance, as published


@dataclass(frozen=True, eq=False)
class DiffusionPrior:
    """A prior of vectors of D numbers: jaw_pose (radians) and then expression, or shape coefficients.

    The network knows them as (value - mean) / std.
    """

    of: Of
    network: TimeNetwork
    mean: Array  # (D,)
    std: Array  # (D,)
    basis: str  # digest of the model whose coefficients these are, or the name of a published release
    name: str = ""  # of its file

    @property
    def width(self) -> int:
        """D."""
        return len(self.mean)

    def pull(self, values: Array, done: float, random: np.random.Generator) -> tuple[float, Array]:
        """What ``values`` cost and in which direction they cost more, with new noise each time.

        DPoser's denoising step, which is not differentiated: with u the normalised values,
        u_t = a u + s z, and u0 = (u_t - s f(u_t)) / a, the cost is the sum of
        w (u - u0)², as a mean over B heads. w is 0.5; for shapes times
        sqrt(1 + (a / s)²), as the published fork has it.

        Args:
            values: (B, D).
            done: how far the fit is, 0..1.
            random: draws the noise.

        Returns:
            The cost, and its derivative (B, D) by the values.

        """
        known = (values - self.mean) / self.std
        time = truncated_time(done)
        away = known - self.denoised(known, time, random)
        weight = _SHARE * (math.hypot(1.0, alpha(time) / sigma(time)) if self.of == SHAPE else 1.0)
        count = len(values)
        cost = float((weight * away * away).sum() / count)
        return cost, 2.0 * weight * away / (self.std * count)

    def denoised(self, known: Array, time: float, random: np.random.Generator) -> Array:
        """Normalised values (B, D) with noise added at ``time`` and taken away again in one step."""
        noisy = alpha(time) * known + sigma(time) * random.standard_normal(known.shape)
        return self._clean(noisy, time)

    def complete(
        self, values: Array, known: NDArray[np.bool_], seed: int = 0, steps: int = 40, draws: int = 16
    ) -> Array:
        """The likely numbers (D,) where ``known`` (D,) is false, given the others of ``values`` (D,).

        The mean of several draws of the reversed diffusion, in which the known numbers are replaced at each
        step by themselves with as much noise, and each step is taken several times, so that the others come
        to fit them (Lugmayr et al., "RePaint", CVPR 2022).
        """
        random = np.random.default_rng(seed)
        wanted = ((values - self.mean) / self.std)[None]
        noisy = clean = random.standard_normal((draws, self.width))
        for time in np.linspace(1.0, 1e-3, steps).tolist():
            for _ in range(_RETURNS):
                noisy = np.where(known, self._noised(wanted, time, random, draws), noisy)
                clean = np.clip(self._clean(noisy, time), -_FARTHEST, _FARTHEST)
                noisy = self._noised(np.where(known, wanted, clean), time, random, draws)
        found = np.where(known, wanted, clean).mean(axis=0)
        return np.asarray(found * self.std + self.mean)

    def _noised(self, clean: Array, time: float, random: np.random.Generator, draws: int) -> Array:
        """``clean`` with the noise of ``time``, drawn anew (draws, D)."""
        return alpha(time) * clean + sigma(time) * random.standard_normal((draws, self.width))

    def _clean(self, noisy: Array, time: float) -> Array:
        return np.asarray((noisy - sigma(time) * self.network.noise_in(noisy, time)) / alpha(time))


@dataclass(frozen=True, eq=False)
class MahalanobisPrior:
    """The closed form that any diffusion prior has to beat: numbers that vary together, nothing more."""

    mean: Array  # (D,)
    covariance: Array  # (D, D)

    @classmethod
    def of(cls, samples: Array, ridge: float = 1e-6) -> MahalanobisPrior:
        """The one of ``samples`` (N, D)."""
        covariance = np.cov(samples, rowvar=False)
        return cls(samples.mean(axis=0), covariance + ridge * np.eye(samples.shape[1]))

    def complete(self, values: Array, known: NDArray[np.bool_]) -> Array:
        """The likeliest numbers (D,) where ``known`` (D,) is false: the mean of the conditional normal."""
        there, here = self.covariance[np.ix_(~known, known)], self.covariance[np.ix_(known, known)]
        found = values.copy()
        found[~known] = self.mean[~known] + there @ np.linalg.solve(here, (values - self.mean)[known])
        return found
