"""What the hand changes in a recipe: what may move, what terms count, and which stages are gone through."""

from __future__ import annotations

from collections.abc import Collection

from studio.fitting.recipe import VARIABLES, Recipe, Stage, Term, Variable
from studio.storage.errors import StudioError

_DIFFUSED = frozenset[Variable](("jaw_pose", "expression", "shape"))  # what diffusion priors know
_PRIOR_WEIGHT = 0.1  # as in the shipped recipe with a diffusion prior


def moved(recipe: Recipe) -> tuple[Variable, ...]:
    """What moves in any stage of ``recipe``, in the order of all variables."""
    named = {variable for stage in recipe.stages for variable in stage.moves}
    return tuple(variable for variable in VARIABLES if variable in named)


def seeks_skin(recipe: Recipe) -> bool:
    """Whether ``recipe`` seeks what a picture of the head can be compared by: its skin or its light."""
    return not {"texture", "light", "albedo"}.isdisjoint(moved(recipe))


def without(recipe: Recipe, held: Collection[str]) -> Recipe:
    """``recipe`` with the variables ``held`` left as they are; stages in which nothing else moves go.

    Raises:
        StudioError: nothing is left that moves.

    """
    if not held:
        return recipe
    left = [recipe.stages[number] for number in stages_left(recipe, held)]
    if not left:
        raise StudioError(f"Nothing is left that moves in {recipe.name}; let something move again.")
    stages = (
        stage.replace(moves=tuple(variable for variable in stage.moves if variable not in held))
        for stage in left
    )
    return recipe.replace(stages=tuple(stages))


def stages_left(recipe: Recipe, held: Collection[str]) -> tuple[int, ...]:
    """The numbers of the stages of ``recipe`` in which something moves beside the variables ``held``."""
    return tuple(number for number, stage in enumerate(recipe.stages) if not set(stage.moves) <= set(held))


def with_weight(recipe: Recipe, stage: int, term: Term, value: float) -> Recipe:
    """``recipe`` with the weight ``value`` of ``term`` in the stage of that number."""
    changed = recipe.stages[stage]
    changed = changed.replace(weights={**changed.weights, term: value})
    return recipe.replace(stages=(*recipe.stages[:stage], changed, *recipe.stages[stage + 1 :]))


def with_diffusion(recipe: Recipe) -> Recipe:
    """``recipe`` held to likely faces by the diffusion prior, in the stages that can be.

    Weights of the prior that the recipe has stay; where it has none, stages by Adam that move what the
    priors know have that of the shipped recipe.

    Raises:
        StudioError: it has no such stage.

    """
    recipe = recipe.replace(prior="dposer")
    stages = [_diffused(stage) for stage in recipe.stages if not recipe.published]
    if any(stage.weight("prior") for stage in recipe.stages):
        return recipe
    if not any(stage.weight("prior") for stage in stages):
        raise StudioError(
            f"The recipe {recipe.name} has no stage that the prior dposer could act in; "
            "choose photometric, detail, preview or dposer."
        )
    return recipe.replace(stages=tuple(stages))


def _diffused(stage: Stage) -> Stage:
    if stage.method != "adam" or _DIFFUSED.isdisjoint(stage.moves):
        return stage
    return stage.replace(weights={**stage.weights, "prior": _PRIOR_WEIGHT})


def stage_alone(recipe: Recipe, stage: int) -> Recipe:
    """``recipe`` with the stage of that number alone, to go on with from where a head is."""
    return recipe.replace(stages=(recipe.stages[min(stage, len(recipe.stages) - 1)],))
