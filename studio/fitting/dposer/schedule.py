"""The noise of a sub-VP diffusion over time, and the times at which a fit asks the prior.

Song et al., "Score-based generative modeling through stochastic differential equations" (ICLR 2021), sub-VP
SDE: x_t = a(t) x_0 + s(t) z with a(t) = exp(-t² (b1 - b0) / 4 - t b0 / 2) and s(t) = 1 - a(t)².
"""

from __future__ import annotations

import math

BETA_MIN, BETA_MAX = 0.1, 20.0
STEPS = 1000
SIGMA_MIN, SIGMA_MAX = 0.01, 50.0
LATEST, EARLIEST = 0.12, 0.08  # of the truncated schedule: from a little noise to less


def alpha(time: float) -> float:
    """What is left of the signal at ``time`` 0..1."""
    return math.exp(-0.25 * time * time * (BETA_MAX - BETA_MIN) - 0.5 * time * BETA_MIN)


def sigma(time: float) -> float:
    """The standard deviation of the noise at ``time`` 0..1."""
    return 1.0 - alpha(time) ** 2


def truncated_time(done: float) -> float:
    """The time at which a fit that is ``done`` 0..1 asks the prior (DPoser, truncated timesteps)."""
    return LATEST + (EARLIEST - LATEST) * min(max(done, 0.0), 1.0)


def divisors() -> list[float]:
    """The geometric row (1000,) from 50 to 0.01 by which networks of this kind divide what they give."""
    ratio = math.log(SIGMA_MIN / SIGMA_MAX) / (STEPS - 1)
    return [SIGMA_MAX * math.exp(ratio * index) for index in range(STEPS)]
