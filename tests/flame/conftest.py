"""Small head models in FLAME's layout, made by code: no licensed data is needed to test its readers."""

from __future__ import annotations

import numpy as np
import pytest

VERTICES = 40
FACES = 70


@pytest.fixture
def entries():
    """The entries of a model file by FLAME's key names, as a published pickle has them."""
    random = np.random.default_rng(5)
    regressor = np.where(random.random((5, VERTICES)) < 0.3, random.random((5, VERTICES)), 0.0)
    regressor[:, 0] += 0.1
    return {
        "v_template": random.normal(0, 0.1, (VERTICES, 3)),
        "f": random.integers(0, VERTICES, (FACES, 3)).astype(np.uint32),
        "shapedirs": random.normal(0, 0.01, (VERTICES, 3, 400)),
        "posedirs": random.normal(0, 0.01, (VERTICES, 3, 36)),
        "J_regressor": regressor / regressor.sum(axis=1, keepdims=True),
        "J": np.zeros((5, 3)),
        "kintree_table": np.array([[2**32 - 1, 0, 1, 1, 1], [0, 1, 2, 3, 4]], np.uint32),
        "weights": random.dirichlet(np.ones(5), VERTICES),
        "bs_style": "lbs",
        "bs_type": "lrotmin",
    }


@pytest.fixture(autouse=True)
def no_other_models(tmp_path_factory, monkeypatch):
    """Keep the models that the person running the tests owns out of them."""
    monkeypatch.setattr("studio.flame.folders.checkout_folder", lambda: None)
    monkeypatch.setattr("studio.flame.folders.user_folder", lambda: tmp_path_factory.mktemp("user"))
    monkeypatch.delenv("FLAME_STUDIO_MODELS", raising=False)
