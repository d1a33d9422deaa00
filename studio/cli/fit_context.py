"""What the parts of ``fit`` share: model, backend, recipe, and where results go."""

from __future__ import annotations

import argparse
import math
from functools import cached_property
from pathlib import Path

from studio.cli.stage import NEUTRAL, Stage
from studio.fitting.dposer.files import PriorFiles
from studio.fitting.dposer.prior import FACE, SHAPE, Of
from studio.fitting.reading.gathering import Given
from studio.fitting.recipe import Recipe
from studio.fitting.recipe_edits import with_diffusion
from studio.fitting.recipe_file import SUFFIX, read_recipe, shipped_recipe
from studio.flame.folders import model_folders, user_folder
from studio.flame.open_head import OPEN_HEAD

_PLAIN = {"clip": NEUTRAL, "teeth": False, "without": [], "fill_gaps": False, "pose": [], "control": []}


class FitContext:
    """Made of the words on the command line."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        for name, value in _PLAIN.items():
            setattr(arguments, name, value)
        self.stage = Stage(arguments)

    @property
    def folder(self) -> Path:
        """Where results go."""
        output: Path = self.arguments.output
        return output

    @cached_property
    def folders(self) -> tuple[Path, ...]:
        """Where the files of models and landmarkers are looked for."""
        model = self.arguments.model
        return (*model_folders(None if model == OPEN_HEAD else model), user_folder())

    def recipe(self, usual: str) -> Recipe:
        """The recipe that was asked for, else the shipped one called ``usual``.

        Raises:
            StudioError: there is no such recipe, its file is none, or the prior that was asked for has no
                stage to act in.

        """
        name: str | None = self.arguments.recipe
        if name is None:
            recipe = shipped_recipe(usual)
        elif name.lower().endswith(SUFFIX) or Path(name).is_file():
            recipe = read_recipe(Path(name))
        else:
            recipe = shipped_recipe(name)
        prior = self.arguments.prior
        if prior == "dposer" or (prior is None and self.priors):
            return with_diffusion(recipe)
        return recipe if prior is None else recipe.replace(prior=prior)

    @property
    def priors(self) -> tuple[PriorFiles, ...]:
        """The files of the priors that were named; those of the model folder are found without."""
        arguments = self.arguments
        named: tuple[tuple[Of, Path | None], ...] = (
            (FACE, arguments.face_prior),
            (SHAPE, arguments.shape_prior),
        )
        return tuple(PriorFiles(of, path, arguments.normalizers) for of, path in named if path is not None)

    def given(self, photo: Path) -> Given:
        """What the flags say of ``photo``; of a folder of landmarks or masks, the file of its name."""
        arguments = self.arguments
        degrees = arguments.field_of_view
        return Given(
            landmarks=_for(arguments.landmarks, photo),
            mask=_for(arguments.mask, photo),
            face=None if arguments.face is None else arguments.face - 1,
            focal=arguments.focal,
            field_of_view=None if degrees is None else math.radians(degrees),
        )


def _for(given: Path | None, photo: Path) -> Path | None:
    """The file ``given``, or in the folder ``given`` the one called like ``photo``; None: look for one."""
    if given is None or not given.is_dir():
        return given
    named = sorted(path for path in given.iterdir() if path.stem == photo.stem and path.is_file())
    return named[0] if named else None
