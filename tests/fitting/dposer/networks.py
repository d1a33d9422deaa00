"""The published network as PyTorch modules, written apart from the studio's, and its checkpoints."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
from torch import nn


class TimeFC(nn.Module):
    """TimeFC of DPoser-X from its description: registered in the order in which its averages are kept."""

    def __init__(self, width: int, hidden: int, embedded: int) -> None:
        super().__init__()
        self.embedded = embedded
        self.register_buffer("sigmas", torch.tensor(np.geomspace(50.0, 0.01, 1000), dtype=torch.float32))
        self.pre_dense = nn.Linear(width, hidden)
        self.pre_dense_t = nn.Linear(embedded, hidden)
        self.pre_gnorm = nn.GroupNorm(32, hidden)
        self.shared_time_embed = nn.Sequential(nn.Linear(embedded, embedded), nn.SiLU())
        for block in (1, 2):
            for layer in (1, 2):
                setattr(self, f"b{block}_dense{layer}", nn.Linear(hidden, hidden))
                setattr(self, f"b{block}_dense{layer}_t", nn.Linear(embedded, hidden))
                setattr(self, f"b{block}_gnorm{layer}", nn.GroupNorm(32, hidden))
        self.post_dense = nn.Linear(hidden, width)

    def forward(self, x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        tau = 999 * t
        half = self.embedded // 2
        freq = torch.exp(torch.arange(half, dtype=torch.float64) * -(math.log(10000) / (half - 1)))
        angle = tau.double()[:, None] * freq[None]
        temb = self.shared_time_embed(torch.cat([angle.sin(), angle.cos()], 1).float())
        act = nn.functional.silu
        h = act(self.pre_gnorm(self.pre_dense(x) + self.pre_dense_t(temb)))
        for b in (1, 2):
            h1 = h
            for j in (1, 2):
                dense, timed = getattr(self, f"b{b}_dense{j}"), getattr(self, f"b{b}_dense{j}_t")
                h1 = act(getattr(self, f"b{b}_gnorm{j}")(dense(h1) + timed(temb)))
            h = h + h1
        return self.post_dense(h) / self.sigmas[tau.long()][:, None]


class ConfigDict:
    """Stands in for the settings that a published checkpoint carries along."""

    def __init__(self) -> None:
        self._fields = {"kind": int, "rate": 2e-4}


ConfigDict.__module__ = "ml_collections.config_dict.config_dict"


def drawn(width: int = 103, hidden: int = 256, embedded: int = 32, seed: int = 0) -> TimeFC:
    """A network of random weights."""
    torch.manual_seed(seed)
    network = TimeFC(width, hidden, embedded)
    for value in network.parameters():
        value.data += 0.1 * torch.randn_like(value)
    return network


def write_checkpoint(path: Path, network: TimeFC, averaged: TimeFC, monkeypatch) -> None:
    """A Lightning checkpoint: raw weights, other averaged ones, and settings of a class that is not here."""
    import sys
    from types import ModuleType

    for name in ("ml_collections", "ml_collections.config_dict", "ml_collections.config_dict.config_dict"):
        module = ModuleType(name)
        module.ConfigDict = ConfigDict
        monkeypatch.setitem(sys.modules, name, module)
    state = {f"model.{key}": value for key, value in network.state_dict().items()}
    state["body_model_vis.v_template"] = torch.zeros(4, 3)
    held = {
        "state_dict": state,
        "model_ema": {"decay": 0.9999, "num_updates": 5, "shadow_params": list(averaged.parameters())},
        "global_step": 5,
        "hyper_parameters": ConfigDict(),
    }
    held["model_ema"]["shadow_params"] = [value.detach().clone() for value in averaged.parameters()]
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(held, path)


def write_normaliser(folder: Path, name: str, mean: np.ndarray, std: np.ndarray) -> None:
    """A folder of one normaliser in the published layout."""
    place = folder / f"{name}_normalizer"
    place.mkdir(parents=True, exist_ok=True)
    rows = {"mean_poses": torch.tensor(mean), "std_poses": torch.tensor(std)}
    torch.save(rows, place / "axis_normalize2.pt")
