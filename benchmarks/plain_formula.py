"""FLAME's formula in PyTorch as the papers write it, to compare with: batched, nothing kept, nothing fused.

Li et al. 2017, eq. 1 to 4, on the skinning of Loper et al. 2015.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from studio.flame.model import HeadModel

Heads = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], tuple[torch.Tensor, torch.Tensor]]


def plain_formula(model: HeadModel) -> Heads:
    """``heads(shape (B, S), expr (B, E), pose (B, 15)) -> vertices (B, V, 3), landmarks (B, 68, 3)``."""
    template = torch.tensor(model.v_template)
    shapedirs = torch.tensor(np.concatenate([model.shapedirs, model.expressiondirs], axis=2))
    posedirs = torch.tensor(model.posedirs.reshape(-1, 36).T.copy())
    regressor, weights = torch.tensor(model.j_regressor), torch.tensor(model.lbs_weights)
    assert model.landmarks is not None
    static, contour = model.landmarks.static_corners, model.landmarks.contour_corners[0]
    corners = torch.tensor(np.concatenate([contour, static]).astype(np.int64))
    barycentric = torch.tensor(
        np.concatenate([model.landmarks.contour_barycentric[0], model.landmarks.static_barycentric])
    )

    @torch.inference_mode()
    def heads(
        shape: torch.Tensor, expr: torch.Tensor, pose: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        count = len(pose)
        blended = template + torch.einsum("bl,mkl->bmk", torch.cat([shape, expr], dim=1), shapedirs)
        joints = torch.einsum("bik,ji->bjk", blended, regressor)
        rotations = _rodrigues(pose.reshape(-1, 3)).view(count, 5, 3, 3)
        feature = (rotations[:, 1:] - torch.eye(3)).reshape(count, -1)
        posed = blended + (feature @ posedirs).view(count, -1, 3)
        transforms = _transforms(rotations, joints, model.parents)
        per_vertex = torch.einsum("vj,bjmn->bvmn", weights, transforms)
        homogeneous = torch.cat([posed, torch.ones(count, posed.shape[1], 1)], dim=2)
        vertices = torch.einsum("bvmn,bvn->bvm", per_vertex, homogeneous)[:, :, :3]
        landmarks = torch.einsum("blfi,lf->bli", vertices[:, corners], barycentric)
        return vertices, landmarks

    return heads


def _rodrigues(turns: torch.Tensor) -> torch.Tensor:
    angle = turns.norm(dim=1, keepdim=True).clamp_min(1e-12)
    x, y, z = (turns / angle).unbind(dim=1)
    nothing = torch.zeros_like(x)
    cross = torch.stack([nothing, -z, y, z, nothing, -x, -y, x, nothing], dim=1).view(-1, 3, 3)
    sine, cosine = angle.sin()[:, :, None], angle.cos()[:, :, None]
    return torch.eye(3) + sine * cross + (1.0 - cosine) * (cross @ cross)


def _transforms(rotations: torch.Tensor, joints: torch.Tensor, parents: tuple[int, ...]) -> torch.Tensor:
    chain: list[torch.Tensor] = []
    for joint, parent in enumerate(parents):
        local = torch.zeros(len(joints), 4, 4)
        local[:, :3, :3], local[:, 3, 3] = rotations[:, joint], 1.0
        local[:, :3, 3] = joints[:, joint] - (joints[:, parent] if parent >= 0 else 0.0)
        chain.append(local if parent < 0 else chain[parent] @ local)
    world = torch.stack(chain, dim=1)
    away = (world[:, :, :3, :3] @ joints[..., None])[..., 0]
    world[:, :, :3, 3] -= away
    return world
