"""Recipes written by hand are read as they are meant, and what is wrong in them is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studio.document.reference import Reference
from studio.fitting.recipe import TERMS, VARIABLES, Recipe, Stage
from studio.fitting.recipe_file import (
    read_recipe,
    recipe_of,
    shipped_recipe,
    shipped_recipes,
    usual_recipe,
    write_recipe,
)
from studio.fitting.recipe_text import recipe_from_text, recipe_to_text
from studio.storage.errors import StudioError

DOCS = (Path(__file__).parents[2] / "docs" / "fitting.md").read_text(encoding="utf-8")
SMALL = '[[stage]]\nmoves = ["place"]\niterations = 5\n'


def example() -> str:
    (text,) = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)
    return text


def test_the_recipe_of_the_docs_is_read_as_it_stands():
    recipe = recipe_from_text(example(), "mine.toml")
    first, second = recipe.stages
    assert recipe.name == "My recipe"
    assert first.method == "least squares"
    assert first.weights["contour"] == 0.5
    assert (second.method, second.size, second.steps) == ("adam", 128, {"rotation": 0.01})


def test_the_docs_tell_of_every_word():
    told = set(re.findall(r"^\| `(\w+)` \|", DOCS, re.MULTILINE))
    assert {*VARIABLES, *TERMS} <= told
    assert {"projection", "shape_count", "iterations", "published", "size"} <= told


def test_every_shipped_recipe_comes_back_from_its_own_text():
    recipes = shipped_recipes()
    assert len({recipe.name for recipe in recipes}) == len(recipes) == 6
    for recipe in recipes:
        assert recipe.tip
        assert recipe_from_text(recipe_to_text(recipe)) == recipe


def test_the_published_recipe_has_the_published_iterations_and_weights():
    recipe = shipped_recipe("published")
    rigid, full = recipe.stages
    assert recipe.published
    assert recipe.iterations == 1000
    assert (recipe.shape_count, recipe.expression_count, recipe.projection) == (100, 50, "orthographic")
    assert rigid.weights == {"landmarks": 1.0, "contour": 0.0, "decay": 1e-4}
    assert full.weights["photo"] == 8.0
    assert set(full.steps.values()) == {0.005}


def test_a_recipe_needs_little_and_is_called_like_its_file(tmp_path):
    path = tmp_path / "my own.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    recipe = read_recipe(path)
    assert recipe == Recipe("my own", "", (Stage("Stage 1", ("place",), 5),))


def test_a_recipe_that_is_written_is_read_again(tmp_path):
    recipe = usual_recipe().replace(name='Mine, "better"')
    write_recipe(recipe, tmp_path / "mine.toml")
    assert read_recipe(tmp_path / "mine.toml") == recipe


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "mine.toml has no stage"),
        ("stage = 3", "no stage"),
        ("[[stage]", "is no TOML.*line 1"),
        (SMALL + "weights = { landmark = 1 }", "stage 'Stage 1', weights: 'landmark'.*'landmarks'"),
        (SMALL + "weigths = { landmarks = 1 }", "no setting 'weigths'.*'weights'"),
        (SMALL + "weights = { landmarks = nan }", "weights, landmarks: it is a number"),
        (SMALL + "weights = { landmarks = -1 }", "it is from 0 to 1e.09, not -1"),
        (SMALL + "steps = { shape = 0 }", "steps, shape: it is from"),
        (SMALL + 'name = "Eyes"\nmethod = "adma"', "stage 'Eyes', method: 'adma'.*'adam'"),
        (SMALL + "size = 9000", "size: it is a whole number from 32 to 2,048, not 9000"),
        (SMALL.replace("5", "true"), "iterations: .* not true"),
        (SMALL.replace("place", "expresion"), "moves: 'expresion' is none; did you mean 'expression'"),
        ('[[stage]]\nname = "A"\nmoves = ["place"]', "stage 'A' says nothing of iterations"),
        ('projektion = "perspective"\n' + SMALL, "no setting 'projektion'.*'projection'"),
        ("published = 1\n" + SMALL, "published: it is true or false"),
        (SMALL * 51, "51 stages; 50 are the most"),
        ("a = " + "[" * 5_000, "no recipe"),
        ("a = 1" + "0" * 9_000, "no recipe"),
        (SMALL.replace("5", "0x" + "F" * 9_000), "no recipe"),
        (SMALL + "weights = { landmarks = 0x" + "F" * 300 + " }", "weights, landmarks: it is a number"),
        ("#" * 70_000, "too long"),
    ],
)
def test_what_is_wrong_is_named(text, told):
    with pytest.raises(StudioError, match=told):
        recipe_from_text(text, "mine.toml")


def test_a_file_that_is_no_text_is_told(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StudioError, match="not text in UTF-8"):
        read_recipe(path)


def test_the_reference_says_which_recipe_is_meant():
    assert recipe_of(Reference()) == usual_recipe()
    assert recipe_of(Reference(recipe="Fast preview")).name == "Fast preview"
    assert recipe_of(Reference(recipe="Own", recipe_text=SMALL)).iterations == 5
    with pytest.raises(StudioError, match="did you mean 'Fast preview'"):
        recipe_of(Reference(recipe="Fast previews"))
