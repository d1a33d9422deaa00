"""What the hand changes in a recipe: what may move, what terms count, and which stages are gone through."""

from __future__ import annotations

from collections.abc import Collection

from studio.fitting.recipe import VARIABLES, Recipe, Stage, Term, Variable
from studio.storage.errors import StudioError


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
    stages = (
        stage.replace(moves=tuple(variable for variable in stage.moves if variable not in held))
        for stage in recipe.stages
    )
    left = tuple(stage for stage in stages if stage.moves)
    if not left:
        raise StudioError(f"Nothing is left that moves in {recipe.name}; let something move again.")
    return recipe.replace(stages=left)


def with_weight(recipe: Recipe, stage: int, term: Term, value: float) -> Recipe:
    """``recipe`` with the weight ``value`` of ``term`` in the stage of that number."""
    changed = recipe.stages[stage]
    changed = changed.replace(weights={**changed.weights, term: value})
    return recipe.replace(stages=(*recipe.stages[:stage], changed, *recipe.stages[stage + 1 :]))


def stage_alone(recipe: Recipe, stage: int) -> Recipe:
    """``recipe`` with the stage of that number alone, to go on with from where a head is."""
    return recipe.replace(stages=(recipe.stages[min(stage, len(recipe.stages) - 1)],))


def place_of(recipe: Recipe, stage: Stage) -> int:
    """Which stage of ``recipe`` has the name of ``stage``; the last one where none has."""
    names = [one.name for one in recipe.stages]
    return names.index(stage.name) if stage.name in names else len(names) - 1
