"""Models at test and at full size, and the backends that this machine can run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from studio.backends import Backend, available
from studio.flame.model import HeadModel
from tests.backends.libraries import ACCELERATOR, make_backend
from tests.backends.reference import random_model

HERE = [*available(probe=True), (ACCELERATOR, "cpu")]


@pytest.fixture(scope="session")
def small_model() -> HeadModel:
    return random_model(vertices=60, faces=110, shapes=7, expressions=5)


@pytest.fixture(scope="session")
def full_model() -> HeadModel:
    return random_model(vertices=5023, faces=9976, shapes=300, expressions=100, seed=1)


@pytest.fixture(scope="session", params=HERE, ids=["-".join(pair) for pair in HERE])
def choice(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A backend and device."""
    return request.param


@pytest.fixture(scope="session")
def create(choice: tuple[str, str]) -> Callable[[HeadModel], Backend]:
    """Makes the chosen backend for a model, once for each."""
    made: dict[int, Backend] = {}

    def create_once(model: HeadModel) -> Backend:
        if id(model) not in made:
            made[id(model)] = make_backend(choice, model)
        return made[id(model)]

    return create_once
