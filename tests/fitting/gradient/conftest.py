"""Heads and backends of the tests of the engine."""

from __future__ import annotations

import pytest

from studio.backends import create_backend
from studio.flame.open_head import load_open_head


@pytest.fixture(scope="session")
def head():
    return load_open_head()


@pytest.fixture(scope="session")
def torch_backend(head):
    return create_backend("torch", head, "cpu")
