"""Parts taken off a head, teeth put in, and the way back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.flame.model import Variant
from studio.flame.neutral import rest
from studio.flame.parts import without_parts
from studio.flame.variants import make_variant, removable_parts
from studio.storage.errors import StudioError
from tests.flame.plain_head import plain_head


def test_faces_of_a_region_go_and_everything_else_stays(head_model):
    bald = without_parts(head_model, ["lashes", "neck"])
    gone = np.isin(head_model.faces, np.union1d(*(head_model.regions[n] for n in ("lashes", "neck"))))
    assert len(bald.faces) == (~gone.all(axis=1)).sum() < len(head_model.faces)
    assert bald.uv_faces.shape == bald.faces.shape
    assert bald.vertex_count == head_model.vertex_count
    np.testing.assert_array_equal(rest(bald).landmarks, rest(head_model).landmarks)


def test_unknown_regions_and_an_empty_head_are_told(head_model, tiny_model):
    with pytest.raises(StudioError, match="no region beard; it has ears"):
        without_parts(head_model, ["beard"])
    with pytest.raises(StudioError, match="no named regions"):
        without_parts(tiny_model, ["beard"])
    everything = {"all": np.arange(tiny_model.vertex_count, dtype=np.int32)}
    with pytest.raises(StudioError, match="Without all nothing of tiny is left"):
        without_parts(replace(tiny_model, regions=everything), ["all"])


def test_variants_of_variants_start_from_the_file(head_model):
    bare = make_variant(head_model, Variant(without=frozenset({"lashes"})))
    other = make_variant(bare, Variant(without=frozenset({"neck"})))
    np.testing.assert_array_equal(other.faces, without_parts(head_model, ["neck"]).faces)
    assert other.original is head_model
    assert make_variant(other, Variant()) is head_model


def test_teeth_can_be_left_out_again():
    plain = plain_head()
    toothed = make_variant(plain, Variant(teeth=True))
    both = make_variant(toothed, Variant(teeth=True, without=frozenset({"lower_teeth", "nose"})))
    assert toothed.vertex_count == both.vertex_count == plain.vertex_count + 120
    assert len(both.faces) < len(toothed.faces)
    assert np.shares_memory(both.shapedirs, toothed.shapedirs)
    np.testing.assert_array_equal(rest(both).landmarks, rest(plain).landmarks)


def test_only_regions_with_faces_can_be_left_out(head_model):
    hidden = make_variant(head_model, Variant(without=frozenset({"lips", "nose"})))
    assert removable_parts(hidden) == removable_parts(head_model) == tuple(sorted(head_model.regions))
    dotted = replace(head_model, regions={"dot": np.array([5], np.int32)})
    assert removable_parts(dotted) == ()


def test_the_open_head_needs_no_teeth(head_model):
    with pytest.raises(StudioError, match="teeth of its own"):
        make_variant(head_model, Variant(teeth=True))
