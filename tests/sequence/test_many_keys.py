"""Curves with very many keys at one frame, against the same curves evaluated whole."""

from __future__ import annotations

import numpy as np
import pytest

from studio.sequence.curve_segments import load_kernels
from studio.sequence.curves import Curve
from studio.sequence.layers import Layer
from studio.sequence.many_keys import TOGETHER, ManyKeys, around


def curve(seed, keys, turns=False):
    random = np.random.default_rng(seed)
    made = Curve.of(
        np.sort(random.choice(4 * keys, keys, replace=False)),
        random.normal(0.0, 0.4, (keys, 3 if turns else 1)),
        random.integers(0, 5, keys),
        turns,
    )
    return made.replace(handles=made.handles + random.normal(0.0, 0.2, made.handles.shape))


def frames_of(made, seed=0):
    random = np.random.default_rng(seed)
    ends = [made.frames[0] - 5.0, made.frames[0], made.frames[1], made.frames[-1], made.frames[-1] + 9.0]
    return [*ends, *random.uniform(made.frames[0], made.frames[-1], 60), *random.choice(made.frames, 10)]


@pytest.mark.parametrize("turns", [False, True])
@pytest.mark.parametrize("keys", [1, 2, 3, 5, 40])
def test_the_keys_around_a_frame_give_its_value(keys, turns):
    for seed in range(6):
        made = curve(seed, keys, turns)
        frames = frames_of(made) if keys > 1 else [0.0, 7.0]
        wanted = [made.at(frame) for frame in frames]
        found = [around(made, frame).at(frame) for frame in frames]
        np.testing.assert_allclose(found, wanted, rtol=0.0, atol=1e-12)


@pytest.mark.parametrize("kernel", [False, True])
def test_values_stay_the_same_as_curves_are_prepared(kernel):
    if kernel:
        load_kernels()
    curves = [curve(seed, 3000) for seed in range(4)]
    together = ManyKeys([one.replace() for one in curves])  # of their own: nothing is prepared yet
    for frame in frames_of(curves[0]):
        wanted = np.concatenate([one.at(np.array([frame])) for one in curves])
        np.testing.assert_allclose(together.at(frame), wanted, rtol=0.0, atol=1e-9)


def test_a_layer_of_very_many_keys_prepares_only_what_stays():
    curves = {f"expr/{place}": curve(place, TOGETHER // 3) for place in range(4)}
    layer = Layer(curves=curves)
    values = layer.values_at(777.5)
    assert not any("segments" in vars(one) for one in curves.values())
    for name, one in curves.items():
        np.testing.assert_allclose(values[name], one.at(np.array([777.5])), rtol=0.0, atol=1e-12)
