"""Single points skinned by themselves, against the backend's whole surface."""

from __future__ import annotations

import numpy as np
import pytest

from studio.backends import create_backend
from studio.flame.carried_points import CarriedPoints, joint_frames, world_turns
from studio.flame.params import Params
from studio.flame.rotations import compose, to_matrices
from studio.flame.skeleton import rest_joints


def someone(model, seed):
    params = Params.random(model, seed=seed)
    random = np.random.default_rng(seed)
    offset = random.normal(0.0, 0.001, (model.vertex_count, 3))
    return params.replace(
        rotation=random.normal(0.0, 0.4, 3),
        translation=(0.1, -0.2, 0.05),
        eyelids=(0.4, 0.9),
        vertex_offset=offset,
    )


@pytest.mark.parametrize("model_name", ["head_model", "tiny_model"])
def test_they_go_where_the_surface_goes(model_name, request):
    model = request.getfixturevalue(model_name)
    params = someone(model, 3)
    surface = create_backend("torch", model, "cpu").forward(params)
    random = np.random.default_rng(1)
    faces = model.faces[random.integers(0, len(model.faces), 20)]
    weights = random.dirichlet(np.ones(3), 20)
    points = CarriedPoints(model, params, faces, weights).at(params)
    assert points == pytest.approx(np.einsum("nc,nca->na", weights, surface.vertices[faces]), abs=2e-6)
    other = params.replace(jaw_pose=(0.3, 0.1, 0.0), neck_pose=(0.2, -0.4, 0.1))
    surface = create_backend("torch", model, "cpu").forward(other)
    points = CarriedPoints(model, params, faces, weights).at(other)
    assert points == pytest.approx(np.einsum("nc,nca->na", weights, surface.vertices[faces]), abs=2e-6)


def test_joints_stand_where_the_surface_has_them(head_model):
    params = someone(head_model, 5)
    surface = create_backend("torch", head_model, "cpu").forward(params)
    turns = to_matrices(params.pose.reshape(-1, 3))
    _, places = joint_frames(turns, rest_joints(head_model, params), head_model.parents)
    assert places + params.translation == pytest.approx(surface.joints, abs=2e-6)


def test_a_joint_turns_with_all_that_carry_it(head_model):
    params = someone(head_model, 6)
    frames = world_turns(params, head_model.parents)
    jaw = compose(compose(params.rotation, params.neck_pose), params.jaw_pose)
    assert frames[2] == pytest.approx(to_matrices(jaw), abs=1e-6)
