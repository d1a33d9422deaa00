"""What a film's recipe makes of a photo's: the first frame, every other one, the identity, and once more."""

from __future__ import annotations

from dataclasses import dataclass

from studio.fitting.recipe import Recipe, Stage, Term, Variable

FOLLOWS: tuple[Variable, ...] = ("place", "rotation", "jaw_pose", "eyes_pose", "expression", "light")
IDENTITY: tuple[Variable, ...] = ("shape", "texture")
TEMPORAL = 0.02  # weight where a recipe says none
STEPS: dict[Variable, float] = {"expression": 0.06, "jaw_pose": 0.01, "eyes_pose": 0.02}


@dataclass(frozen=True)
class FilmStages:
    """The recipes of each part; all with the camera, light and counts of the photo's."""

    first: Recipe
    catch_up: Recipe  # one frame alone, by its landmarks
    follow: Recipe  # one frame after another that stays
    identity: Recipe  # several frames at once
    refine: Recipe  # a frame between two that stay


def film_stages(recipe: Recipe) -> FilmStages:
    """The parts of the fit of a film by ``recipe``."""
    last = next((stage for stage in reversed(recipe.stages) if _is_picture(stage)), recipe.stages[-1])
    weights: dict[Term, float] = {
        **{
            term: weight
            for term, weight in last.weights.items()
            if term not in ("smooth", "symmetry", "offset")
        },
        "temporal": last.weight("temporal", TEMPORAL),
    }
    moves = tuple(variable for variable in FOLLOWS if _looks(recipe) or variable != "light")
    follow = Stage("Follow", moves, 20, "adam", min(last.size, 192), weights, STEPS)
    landmark_weights: dict[Term, float] = {
        "landmarks": 1.0,
        "expression": 4.0 * max(last.weight("expression"), 1e-4),
        "jaw": 1.0,
        "joints": 0.1,
    }
    catch_up = (
        Stage("Catch up", ("place", "rotation"), 5, "least squares", weights={"landmarks": 1.0}),
        Stage(
            "Catch up with the face",
            ("place", "rotation", "jaw_pose", "expression"),
            5,
            "least squares",
            weights=landmark_weights,
        ),
    )
    whole = (*IDENTITY, *moves) if _looks(recipe) else ("shape", *moves)
    alone: dict[Term, float] = {term: weight for term, weight in weights.items() if term != "temporal"}
    return FilmStages(
        first=recipe,
        catch_up=recipe.replace(name="Catch up", stages=catch_up),
        follow=recipe.replace(name="Follow", stages=(follow,)),
        identity=recipe.replace(
            name="Identity", stages=(Stage("Identity", whole, 60, "adam", follow.size, alone),)
        ),
        refine=recipe.replace(name="Refine", stages=(follow.replace(name="Refine", iterations=15),)),
    )


def _is_picture(stage: Stage) -> bool:
    return stage.method == "adam" and stage.weight("photo") > 0.0 and "expression" in stage.moves


def _looks(recipe: Recipe) -> bool:
    return any(_is_picture(stage) for stage in recipe.stages)
