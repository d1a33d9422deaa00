"""What the hand changes in a recipe, and nothing else of it."""

from __future__ import annotations

import pytest

from studio.fitting.recipe import Recipe, Stage
from studio.fitting.recipe_edits import (
    moved,
    stage_alone,
    stages_left,
    with_diffusion,
    with_weight,
    without,
)
from studio.storage.errors import StudioError

RECIPE = Recipe(
    "test", "", (Stage("one", ("shape", "place"), 5, weights={"shape": 1.0}), Stage("two", ("light",), 7))
)


def test_what_moves_is_told_in_one_order():
    assert moved(RECIPE) == ("place", "shape", "light")


def test_what_is_held_moves_no_more():
    assert without(RECIPE, ()) is RECIPE
    held = without(RECIPE, {"shape", "light"})
    assert [(stage.name, stage.moves) for stage in held.stages] == [("one", ("place",))]
    with pytest.raises(StudioError, match="Nothing is left"):
        without(RECIPE, {"shape", "light", "place"})


def test_stages_in_which_something_moves_keep_their_numbers():
    assert stages_left(RECIPE, ()) == (0, 1)
    assert stages_left(RECIPE, {"shape", "place"}) == (1,)
    assert stages_left(RECIPE, {"shape", "light"}) == (0,)


def test_a_weight_changes_in_its_stage_alone():
    changed = with_weight(RECIPE, 0, "landmarks", 2.0)
    assert changed.stages[0].weights == {"shape": 1.0, "landmarks": 2.0}
    assert changed.stages[1] is RECIPE.stages[1]


def test_a_diffusion_prior_acts_where_it_can():
    asked = with_diffusion(RECIPE)
    assert asked.prior == "dposer"
    assert asked.stages[0].weights == {"shape": 1.0, "prior": 0.1}
    assert asked.stages[1] is RECIPE.stages[1]
    own = with_weight(RECIPE, 1, "prior", 0.7)
    assert with_diffusion(own).stages == own.stages
    squares = RECIPE.replace(stages=(RECIPE.stages[0].replace(method="least squares"),))
    for recipe in (squares, RECIPE.replace(published=True)):
        with pytest.raises(StudioError, match="no stage that the prior dposer could act in"):
            with_diffusion(recipe)


def test_one_stage_stays_of_a_recipe():
    assert stage_alone(RECIPE, 1).stages == (RECIPE.stages[1],)
    assert stage_alone(RECIPE, 9).stages == (RECIPE.stages[1],)
