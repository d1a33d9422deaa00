"""Training of a diffusion prior on any set of faces, with PyTorch."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.fitting.dposer.network import BLOCKS, EPSILON, GROUPS, expected_shapes, time_rows, trained_names
from studio.fitting.dposer.schedule import BETA_MAX, BETA_MIN, STEPS

Told = Callable[[int, int, float], None]  # steps done, of how many, the loss; may raise to stop

_FIRST = 1e-5  # the earliest time that is trained
_DECAY = 0.9999  # of the moving average that is kept
_SMALLEST = 0.1  # of the largest deviation: what varies less is next to none, and not noise to be learnt


@dataclass(frozen=True)
class TrainingPlan:
    """How a prior is trained; the published one of faces had 1024, 512 and 100,000 steps of 2,048."""

    hidden: int = 256
    embedded: int = 64
    steps: int = 5000
    batch: int = 128
    rate: float = 1e-3
    warm_up: int = 50
    dropout: float = 0.0  # the published one had 0.1
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Trained:
    """A prior's weights and normaliser."""

    weights: dict[str, NDArray[np.float32]]
    mean: NDArray[np.float64]
    std: NDArray[np.float64]
    loss: float  # the mean of the last tenth of the steps


def train(samples: NDArray, plan: TrainingPlan, told: Told = lambda *_: None) -> Trained:
    """A prior of ``samples`` (N, D).

    Denoising score matching at times drawn evenly, loss (z - f)² (Song et al. 2021); RAdam with a linear
    warm-up and a cosine after it, gradients of at most norm 1, and a moving average of the weights, which is
    what is kept.

    Raises:
        ValueError: there are fewer than two samples, or a number is not finite.

    """
    import torch

    if samples.ndim != 2 or len(samples) < 2 or not np.isfinite(samples).all():
        raise ValueError(f"Samples are (N, D) finite numbers, at least two, not {samples.shape}.")
    mean, std = samples.mean(axis=0), samples.std(axis=0)
    std = np.maximum(std, max(_SMALLEST * float(std.max()), 1e-6))
    known = torch.from_numpy(((samples - mean) / std).astype(np.float32))
    generator = torch.Generator().manual_seed(plan.seed)
    weights = _drawn(known.shape[1], plan, generator)
    kept = {name: value.detach().clone() for name, value in weights.items()}
    optimiser = torch.optim.RAdam(list(weights.values()), lr=plan.rate, betas=(0.9, 0.999))
    pace = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _pace(step, plan))
    scale = torch.ones(STEPS)  # the published row, from 50 to 0.01, would take many more steps to learn with
    losses = []
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # layers this small are faster than threads are woken
    try:
        for step in range(plan.steps):
            losses.append(_step(known, weights, kept, optimiser, scale, step, plan, generator))
            pace.step()
            told(step + 1, plan.steps, losses[-1])
    finally:
        torch.set_num_threads(threads)
    arrays = {name: value.numpy().astype(np.float32) for name, value in kept.items()}
    arrays["sigmas"] = np.ones(STEPS, np.float32)
    return Trained(arrays, mean, std, float(np.mean(losses[-max(len(losses) // 10, 1) :])))


def _step(
    known: Any,
    weights: dict[str, Any],
    kept: dict[str, Any],
    optimiser: Any,
    scale: Any,
    step: int,
    plan: TrainingPlan,
    generator: Any,
) -> float:
    """One step of the optimiser on a batch of ``known``; ``kept`` follows the weights. Returns the loss."""
    import torch

    rows = torch.randint(len(known), (plan.batch,), generator=generator)
    time = _FIRST + (1.0 - _FIRST) * torch.rand((plan.batch, 1), generator=generator)
    noise = torch.randn((plan.batch, known.shape[1]), generator=generator)
    signal = torch.exp(-0.25 * time * time * (BETA_MAX - BETA_MIN) - 0.5 * time * BETA_MIN)
    noisy = signal * known[rows] + (1.0 - signal * signal) * noise
    found = _forward(weights, noisy, (STEPS - 1) * time, scale, plan, generator)
    loss = ((noise - found) ** 2).mean()
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(list(weights.values()), 1.0)
    optimiser.step()
    average = min(_DECAY, (1.0 + step) / (10.0 + step))
    with torch.no_grad():
        for name, value in weights.items():
            kept[name].lerp_(value, 1.0 - average)
    return float(loss.detach())


def _drawn(width: int, plan: TrainingPlan, generator: Any) -> dict[str, Any]:
    """Weights to begin with: as PyTorch's layers draw theirs."""
    import torch

    weights = {}
    shapes = expected_shapes(width, plan.hidden, plan.embedded)
    for name in trained_names():
        shape = shapes[name]
        if "gnorm" in name:
            value = torch.ones(shape) if name.endswith("weight") else torch.zeros(shape)
        else:
            inputs = shapes[name.rsplit(".", 1)[0] + ".weight"][1]
            value = (2.0 * torch.rand(shape, generator=generator) - 1.0) / math.sqrt(inputs)
        weights[name] = value.requires_grad_()
    return weights


def _forward(
    weights: dict[str, Any], noisy: Any, moments: Any, scale: Any, plan: TrainingPlan, generator: Any
) -> Any:
    """The network's f (B, D), differentiable, each row at its own moment."""
    import torch
    from torch.nn import functional

    def dropped(values: Any) -> Any:
        keep = (torch.rand(values.shape, generator=generator) >= plan.dropout).float()
        return values * keep / (1.0 - plan.dropout)

    def dense(values: Any, name: str) -> Any:
        return functional.linear(values, weights[f"{name}.weight"], weights[f"{name}.bias"])

    def layer(values: Any, name: str, norm: str) -> Any:
        summed = dense(values, name) + dense(told, f"{name}_t")
        normed = functional.group_norm(
            summed, GROUPS, weights[f"{norm}.weight"], weights[f"{norm}.bias"], EPSILON
        )
        return dropped(functional.silu(normed))

    rows = time_rows(moments[:, 0].double().numpy(), plan.embedded)
    told = functional.silu(dense(torch.from_numpy(rows), "shared_time_embed.0"))
    hidden = layer(noisy, "pre_dense", "pre_gnorm")
    for block in range(1, BLOCKS + 1):
        inner = hidden
        for number in (1, 2):
            inner = layer(inner, f"b{block}_dense{number}", f"b{block}_gnorm{number}")
        hidden = hidden + inner
    return dense(hidden, "post_dense") / scale[moments[:, 0].long()][:, None]


def _pace(step: int, plan: TrainingPlan) -> float:
    """The share of the learning rate at ``step``."""
    if step < plan.warm_up:
        return (step + 1) / plan.warm_up
    done = (step - plan.warm_up) / max(plan.steps - plan.warm_up, 1)
    return 0.5 * (1.0 + math.cos(math.pi * min(done, 1.0)))
