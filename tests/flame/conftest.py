"""Small head models in FLAME's layout, made by code: no licensed data is needed to test its readers."""

from __future__ import annotations

import pytest

from tests.flame import published_files


@pytest.fixture
def entries():
    """The entries of a model file by FLAME's key names, as a published pickle has them."""
    return published_files.entries()


@pytest.fixture(autouse=True)
def no_other_models(tmp_path_factory, monkeypatch):
    """Keep the models that the person running the tests owns out of them."""
    monkeypatch.setattr("studio.flame.folders.checkout_folder", lambda: None)
    monkeypatch.setattr("studio.flame.folders.user_folder", lambda: tmp_path_factory.mktemp("user"))
    monkeypatch.delenv("FLAME_STUDIO_MODELS", raising=False)
