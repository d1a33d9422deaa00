from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from studio.backends import (
    ContourSign,
    DeviceFailed,
    Surface,
    available,
    choice,
    create_backend,
    create_with_fallback,
    kernels,
    replace_failed,
)
from studio.backends.torch_backend import TorchBackend
from studio.flame.model import HeadModel
from studio.flame.params import Params
from studio.storage.errors import StudioError

PROJECT = Path(__file__).parents[2]


def run_python(script: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_importing_and_asking_what_there_is_loads_no_library() -> None:
    script = (
        "import sys, studio.backends; studio.backends.available()\n"
        "print([name for name in ('torch', 'mlx', 'numba', 'scipy') if name in sys.modules])"
    )
    assert run_python(script).strip() == "[]"


def test_guess_and_probe_agree_on_the_libraries() -> None:
    assert {name for name, _ in available()} == {name for name, _ in available(probe=True)}
    assert ("torch", "cpu") in available()


@pytest.mark.parametrize("blocked", ["torch", "mlx"])
def test_each_library_works_without_the_other(blocked: str) -> None:
    other = {"torch": "mlx", "mlx": "torch"}[blocked]
    script = f"""
import sys
import numpy as np
sys.modules["{blocked}"] = None
from studio.backends import available, create_backend, create_with_fallback
from studio.flame.params import Params
from tests.backends.cases import random_params
from tests.backends.libraries import decode
from tests.backends.reference import forward, random_model

model = random_model(60, 110, 7, 5)
params = random_params(model, np.random.default_rng(0))
params = params.replace(translation=(0, 0, 0), eyelids=(0, 0), vertex_offset=None)
assert {{name for name, _ in available(probe=True)}} == {{"{other}"}}, available(probe=True)
assert {{name for name, _ in available()}} == {{"{other}"}}, available()
backend = create_backend("auto", model)
assert backend.name == "{other}", backend.name
expected = forward(model, params)
surface = backend.forward(params)
assert np.abs(surface.vertices - expected.vertices).max() < 2e-6
assert np.abs(surface.landmarks - expected.landmarks).max() < 2e-6
vertices, landmarks = decode(backend, params.shape[None], params.expr[None], params.pose[None])
assert np.abs(vertices[0] - expected.vertices).max() < 2e-6
assert np.abs(landmarks[0] - expected.landmarks).max() < 2e-6
backend, notice = create_with_fallback("{blocked}", model)
assert backend.name == "{other}" and "took over" in notice, notice
assert sys.modules["{blocked}"] is None
assert not any(name.startswith("{blocked}.") for name in sys.modules)
"""
    run_python(script)


def test_unknown_backend_and_device_are_named(small_model: HeadModel) -> None:
    with pytest.raises(StudioError, match="no backend jax"):
        create_backend("jax", small_model)
    with pytest.raises(StudioError, match="no device cuda:99 here; choose one of"):
        create_backend("torch", small_model, "cuda:99")
    with pytest.raises(StudioError, match="no device tpu here"):
        create_backend("mlx", small_model, "tpu")


@pytest.mark.parametrize(
    ("apple", "device", "expected"),
    [
        (True, None, "mlx"),
        (True, "cpu", "mlx"),
        (True, "mps", "torch"),
        (False, None, "torch"),
        (False, "cpu", "torch"),
        (False, "cuda", "torch"),
        (False, "gpu", "mlx"),
    ],
)
def test_auto_follows_the_machine(
    monkeypatch: pytest.MonkeyPatch,
    small_model: HeadModel,
    apple: bool,
    device: str | None,
    expected: str,
) -> None:
    monkeypatch.setattr(choice, "_is_apple_silicon", lambda: apple)
    made: list[str] = []
    monkeypatch.setattr(choice, "_load", lambda name: made.append(name) or _raise_missing())
    with pytest.raises(StudioError):
        create_backend("auto", small_model, device)
    assert made == [expected]


def _raise_missing() -> None:
    raise StudioError("not here")


def test_missing_device_falls_back_with_a_notice(small_model: HeadModel) -> None:
    backend, notice = create_with_fallback("torch", small_model, "cuda:99")
    assert (backend.name, backend.device) == ("torch", "cpu")
    assert notice is not None
    assert "cuda:99" in notice
    assert "CPU" in notice


def test_a_device_that_must_exist_is_not_replaced(small_model: HeadModel) -> None:
    for name, device in (("torch", "cuda:99"), ("auto", "banana"), ("mlx", "cuda")):
        with pytest.raises(StudioError, match=f"no device {device}"):
            create_with_fallback(name, small_model, device, must_exist=True)


def test_a_device_that_exists_and_fails_is_replaced(
    monkeypatch: pytest.MonkeyPatch, small_model: HeadModel
) -> None:
    class Failing(TorchBackend):
        def __init__(self, model: HeadModel, device: str | None, threads: int) -> None:
            if device != "cpu":
                raise RuntimeError("driver too old")
            super().__init__(model, device, threads)

    monkeypatch.setattr("studio.backends.torch_backend.TorchBackend", Failing)
    backend, notice = create_with_fallback("torch", small_model, "cuda:0", must_exist=True)
    assert backend.device == "cpu"
    assert "driver too old" in (notice or "")


def test_working_device_needs_no_notice(small_model: HeadModel) -> None:
    backend, notice = create_with_fallback("mlx", small_model, "cpu")
    assert (backend.name, backend.device, notice) == ("mlx", "cpu", None)


def test_device_that_is_out_of_memory_falls_back(
    monkeypatch: pytest.MonkeyPatch, small_model: HeadModel
) -> None:
    class Starved(TorchBackend):
        def __init__(self, model: HeadModel, device: str | None, threads: int) -> None:
            super().__init__(model, "cpu", threads)
            self.starved = device != "cpu"

        def _surface(self, params: Params, contour: ContourSign, out: Surface | None) -> Surface:
            if self.starved:
                raise RuntimeError("CUDA out of memory.\nTried to allocate 2 GiB")
            return super()._surface(params, contour, out)

    monkeypatch.setattr("studio.backends.torch_backend.TorchBackend", Starved)
    backend, notice = create_with_fallback("torch", small_model)
    assert notice is not None
    assert "CUDA out of memory" in notice
    assert "\n" not in notice
    assert np.isfinite(backend.forward(Params.neutral(small_model)).vertices).all()


def test_failure_at_creation_falls_back(monkeypatch: pytest.MonkeyPatch, small_model: HeadModel) -> None:
    class Broken(TorchBackend):
        def __init__(self, model: HeadModel, device: str | None, threads: int) -> None:
            if device != "cpu":
                raise RuntimeError("driver too old")
            super().__init__(model, device, threads)

    monkeypatch.setattr("studio.backends.torch_backend.TorchBackend", Broken)
    backend, notice = create_with_fallback("torch", small_model)
    assert backend.device == "cpu"
    assert notice is not None
    assert "driver too old" in notice


def test_failure_while_running_is_told_and_replaced(
    monkeypatch: pytest.MonkeyPatch, small_model: HeadModel
) -> None:
    backend = create_backend("torch", small_model, "cpu")
    neutral = Params.neutral(small_model)
    expected = backend.forward(neutral.replace(shape=[1.0])).vertices

    def fail(*_: object) -> None:
        raise RuntimeError("device-side assert triggered")

    with monkeypatch.context() as failing:
        failing.setattr(kernels, "skin", fail)
        with pytest.raises(DeviceFailed, match="device-side assert") as caught:
            backend.forward(neutral.replace(shape=[1.0]))
    np.testing.assert_array_equal(backend.forward(neutral.replace(shape=[1.0])).vertices, expected)

    with pytest.raises(DeviceFailed):
        replace_failed(backend, caught.value)
    backend.device = "cuda:0"
    replaced, notice = replace_failed(backend, caught.value)
    assert replaced.device == "cpu"
    assert "device-side assert" in notice
    np.testing.assert_array_equal(replaced.forward(neutral.replace(shape=[1.0])).vertices, expected)


def test_threads_are_set() -> None:
    script = """
import torch
from studio.backends import create_backend
from studio.backends.choice import default_threads
from tests.backends.reference import random_model
model = random_model(20, 30, 2, 2)
create_backend("torch", model, "cpu", threads=1)
assert torch.get_num_threads() == 1
create_backend("torch", model, "cpu")
assert torch.get_num_threads() == default_threads() <= 4
"""
    run_python(script)
