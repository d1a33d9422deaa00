from __future__ import annotations

import numpy as np
import pytest

from studio.document.take import Take, difference, stacked
from studio.flame.params import FIELD_WIDTHS, VECTORS, Params
from studio.flame.rotations import compose
from studio.sequence.clip import Clip

RANDOM = np.random.default_rng(11)


WIDTHS = {"expr": 4, **FIELD_WIDTHS}


def random_params() -> Params:
    widths = {"shape": 5, **WIDTHS}
    return Params(**{name: RANDOM.normal(0, 0.4, width) for name, width in widths.items()})


def assert_same(first: Params, second: Params, atol: float = 2e-6) -> None:
    for name in VECTORS:
        np.testing.assert_allclose(getattr(first, name), getattr(second, name), atol=atol, err_msg=name)


@pytest.fixture
def take() -> Take:
    frames = [random_params() for _ in range(6)]
    channels = {name: np.stack([getattr(frame, name) for frame in frames]) for name in WIDTHS}
    return Take.of("walk", Clip(shape=frames[0].shape, fps=30.0, **channels))


def test_vertex_offsets_stack_and_come_apart() -> None:
    base, moved = random_params(), random_params()
    first, second = RANDOM.normal(size=(2, 7, 3)).astype(np.float32)
    assert difference(base, moved).vertex_offset is None
    for below, wanted in ((None, first), (first, second), (first, None), (first, first)):
        under = base.replace(vertex_offset=below)
        shown = stacked(under, difference(under, moved.replace(vertex_offset=wanted)))
        np.testing.assert_allclose(shown.vertex_offset, 0 * first if wanted is None else wanted, atol=1e-6)


def test_difference_undoes_stacking() -> None:
    for _ in range(50):
        base, wanted = random_params(), random_params()
        assert_same(stacked(base, difference(base, wanted)), wanted)


def test_rotations_compose_and_the_rest_adds() -> None:
    base, offset = random_params(), random_params()
    sum_of_both = stacked(base, offset)
    np.testing.assert_allclose(sum_of_both.expr, base.expr + offset.expr)
    np.testing.assert_allclose(sum_of_both.neck_pose, compose(base.neck_pose, offset.neck_pose), atol=1e-6)
    for side in (slice(0, 3), slice(3, 6)):
        expected = compose(base.eyes_pose[side], offset.eyes_pose[side])
        np.testing.assert_allclose(sum_of_both.eyes_pose[side], expected, atol=1e-6)


def test_turns_beyond_half_a_turn_keep_their_numbers(take: Take) -> None:
    still = Take.of("still", Clip.still(Params.zeros(5, 4)))
    wanted = still.params(0.0).replace(rotation=(0.0, 4.0, 0.0))
    assert still.edited(0.0, wanted).params(0.0) == wanted
    turned = Take.of("turned", Clip.still(wanted))
    nodding = turned.params(0.0).replace(jaw_pose=(0.2, 0.0, 0.0))
    assert turned.edited(0.0, nodding).params(0.0) == nodding


def test_editing_shows_what_was_wanted_and_never_alters_the_clip(take: Take) -> None:
    before = take.clip
    wanted = take.params(2.5).replace(jaw_pose=(0.3, 0.0, 0.0), expr=np.ones(4))
    edited = take.edited(2.5, wanted)
    assert_same(edited.params(2.5), wanted)
    assert edited.clip is before
    assert take.params(2.5) != edited.params(2.5)


def test_an_edit_holds_over_the_whole_take(take: Take) -> None:
    wanted = take.params(1.0)
    edited = take.edited(1.0, wanted.replace(expr=wanted.expr + 0.5))
    for position in (0.0, 3.3, 5.0):
        np.testing.assert_allclose(edited.params(position).expr, take.params(position).expr + 0.5, atol=1e-6)
        np.testing.assert_allclose(
            edited.params(position).neck_pose, take.params(position).neck_pose, atol=1e-6
        )


def test_editing_twice_replaces_the_edit(take: Take) -> None:
    once = take.edited(0.0, random_params())
    back = once.edited(0.0, take.params(0.0))
    assert_same(back.params(4.0), take.params(4.0), atol=1e-5)


def test_baked_clip_shows_the_same_frames(take: Take) -> None:
    edited = take.edited(3.0, random_params())
    baked = edited.baked()
    assert baked.fps == 30.0
    for index in range(6):
        assert_same(baked.frame(index), edited.params(index))


def test_baking_without_an_edit_is_the_clip_itself(take: Take) -> None:
    assert take.baked() is take.clip


def test_takes_of_equal_content_are_equal(take: Take) -> None:
    wanted = random_params()
    assert take.edited(1.0, wanted) == take.edited(1.0, wanted)
    assert take.edited(1.0, wanted) != take
