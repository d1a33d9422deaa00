"""Recipes in files: those that ship, and those of users, as TOML that is written by hand or by the window."""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path

from studio.document.reference import Reference
from studio.fitting.recipe import Recipe
from studio.fitting.recipe_text import LARGEST_TEXT, recipe_from_text, recipe_to_text
from studio.storage.atomic import write_atomically
from studio.storage.errors import DamagedFileError, StudioError, UnfitFileError
from studio.storage.paths import file_size, read_bytes

FOLDER = Path(__file__).with_name("data")
SHIPPED = ("landmarks", "preview", "photometric", "detail", "published", "dposer")  # in the chooser's order
USUAL = "photometric"
SUFFIX = ".toml"


def read_recipe(path: Path) -> Recipe:
    """The recipe in the file ``path``; one without a name is called like its file.

    Raises:
        StudioError: it cannot be read or is no recipe; the sentence names stage, key and what was meant.

    """
    return recipe_from_text(read_recipe_text(path), path.name)


def read_recipe_text(path: Path) -> str:
    """The text of the file ``path``, whether it is a recipe or not.

    Raises:
        StudioError: it cannot be read, or is no text of a recipe's length.

    """
    if file_size(path) > 4 * LARGEST_TEXT:  # as many bytes as a character may have
        raise UnfitFileError(f"{path.name} is too long for a recipe; choose another file.")
    try:
        return read_bytes(path).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise DamagedFileError(f"{path.name} is not text in UTF-8, as TOML must be; save it again.") from None


def write_recipe(recipe: Recipe, path: Path) -> None:
    """Write ``recipe`` to ``path``, whole or not at all.

    Raises:
        StudioError: it cannot be written there.

    """
    text = recipe_to_text(recipe).encode()
    write_atomically(path, lambda stream: stream.write(text))


@cache
def shipped_recipes() -> tuple[Recipe, ...]:
    """The recipes that ship, in the order in which they are offered."""
    return tuple(read_recipe(FOLDER / f"{name}{SUFFIX}") for name in SHIPPED)


def usual_recipe() -> Recipe:
    """The recipe for a photo of which nothing else is said."""
    return shipped_recipes()[SHIPPED.index(USUAL)]


def shipped_recipe(name: str) -> Recipe:
    """The recipe that ships as ``name``: its own ("Photometric") or its file's ("photometric").

    Raises:
        StudioError: there is none; the sentence names what comes close.

    """
    known = {recipe.name.casefold(): recipe for recipe in shipped_recipes()}
    known |= dict(zip(SHIPPED, shipped_recipes(), strict=True))
    found = known.get(name.casefold())
    if found is not None:
        return found
    close = difflib.get_close_matches(name.casefold(), known, 1)
    names = ", ".join(recipe.name for recipe in shipped_recipes())
    meant = f"did you mean {known[close[0]].name!r}?" if close else f"there is {names}."
    raise StudioError(f"There is no recipe called {name!r}; {meant}")


def recipe_of(reference: Reference) -> Recipe:
    """The recipe that is chosen for ``reference``.

    Raises:
        StudioError: its own text is no recipe, or nothing ships under its name.

    """
    if reference.recipe_text:
        return recipe_from_text(reference.recipe_text, reference.recipe or "The recipe")
    return shipped_recipe(reference.recipe) if reference.recipe else usual_recipe()
