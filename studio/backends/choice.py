"""Which backend and device to use: what there is, what was asked for, what to do when it fails."""

from __future__ import annotations

import importlib
import platform
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.backends.base import TITLES, Backend, DeviceFailed, first_line
from studio.backends.processors import processor_count
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from studio.flame.model import HeadModel

NAMES = tuple(TITLES)
MOST_THREADS = 4  # one head is bound by memory: more threads only wait for each other


def create_backend(
    name: str, model: HeadModel, device: str | None = None, threads: int | None = None
) -> Backend:
    """The backend ``name`` for ``model``, on ``device``.

    Args:
        name: "torch", "mlx" or "auto": MLX on Apple Silicon, else PyTorch on CUDA, else on the CPU.
        model: the head model.
        device: "cpu", "cuda", "cuda:1", "mps" (PyTorch), "cpu", "gpu" (MLX); None takes the best.
        threads: of the CPU, process-wide; None takes all up to four. MLX decides for itself
            how many its own products take.

    Raises:
        StudioError: there is no such backend or device here, or it does not work.

    """
    name = _chosen(name, device)
    module = _load(name)
    try:
        if name == "mlx":
            return module.MlxBackend(model, device, threads or default_threads())
        return module.TorchBackend(model, device, threads or default_threads())
    except (RuntimeError, MemoryError) as error:
        raise DeviceFailed(name, device or "the default device", error) from error


def create_with_fallback(
    name: str,
    model: HeadModel,
    device: str | None = None,
    threads: int | None = None,
    must_exist: bool = False,
) -> tuple[Backend, str | None]:
    """A backend that has been seen to work, and what to tell the user if it is not the one asked for.

    What was asked for is created and computes one head; if it is not there, fails or has not enough
    memory, the CPU takes its place. With ``must_exist`` it does so only for what is there and fails.

    Raises:
        StudioError: the CPU does not work either, or ``must_exist`` and there is no such backend or device.

    """
    try:
        return _tried(name, model, device, threads), None
    except StudioError as error:
        if must_exist and not isinstance(error, DeviceFailed):
            raise
        problem = error
    return _on_cpu(model, threads, problem)


def replace_failed(backend: Backend, failure: StudioError, threads: int | None = None) -> tuple[Backend, str]:
    """A backend on the CPU in place of one that failed while it ran, and what to tell the user.

    Raises:
        StudioError: it was on the CPU already, or the CPU does not work either.

    """
    if backend.device == "cpu":
        raise failure
    return _on_cpu(backend.model, threads, failure)


def available(probe: bool = False) -> list[tuple[str, str]]:
    """(name, device) of the backends of this machine, the one "auto" takes first.

    Without ``probe`` neither library is imported (it takes seconds): what is installed is looked up,
    and devices are guessed from the platform. With it both are, and asked.
    """
    found: list[tuple[str, str]] = []
    for name in NAMES:
        try:
            devices = _load(name).devices() if probe else _guessed_devices(name)
        except StudioError:
            continue
        found += [(name, device) for device in devices]
    preferred = "gpu" if _is_apple_silicon() else "cuda"
    return sorted(found, key=lambda pair: not pair[1].startswith(preferred))


def default_threads() -> int:
    """CPU threads when the user does not say: those this process may run on, at most four."""
    return min(MOST_THREADS, processor_count())


def _chosen(name: str, device: str | None) -> str:
    if name != "auto":
        if name not in NAMES:
            raise StudioError(f"There is no backend {name}; choose auto, torch or mlx.")
        return name
    if device == "gpu":
        return "mlx"
    if device is None or device == "cpu":
        prefers_mlx = _is_apple_silicon() or not _is_installed("torch")
        return "mlx" if prefers_mlx and _is_installed("mlx") else "torch"
    return "torch"


def _load(name: str) -> Any:
    """The module of a backend, with its library.

    Raises:
        StudioError: the library is not installed, or does not load.

    """
    try:
        return importlib.import_module(f"studio.backends.{name}_backend")
    except (ImportError, OSError) as error:
        raise StudioError(
            f"{TITLES[name]} does not load here ({first_line(error)}); install it or choose another backend."
        ) from error


def _tried(name: str, model: HeadModel, device: str | None, threads: int | None) -> Backend:
    from studio.flame.params import Params

    backend = create_backend(name, model, device, threads)
    backend.forward(Params.neutral(model))
    return backend


def _on_cpu(model: HeadModel, threads: int | None, problem: StudioError) -> tuple[Backend, str]:
    for name in NAMES:
        try:
            backend = _tried(name, model, "cpu", threads)
        except StudioError:
            continue
        return backend, f"{problem} {TITLES[name]} on the CPU took over."
    raise problem


def _guessed_devices(name: str) -> list[str]:
    if not _is_installed(name):
        return []
    if name == "mlx":
        return ["gpu", "cpu"] if _is_apple_silicon() else ["cpu"]
    if _is_apple_silicon():
        return ["mps", "cpu"]
    return ["cuda:0", "cpu"] if _has_cuda() else ["cpu"]


def _is_installed(name: str) -> bool:
    return find_spec(name) is not None


def _is_apple_silicon() -> bool:
    return sys.platform == "darwin" and platform.machine() == "arm64"


def _has_cuda() -> bool:
    """Whether PyTorch is a CUDA build and there is a driver, as far as files tell."""
    spec = find_spec("torch")
    if spec is None or spec.origin is None:
        return False
    libraries = Path(spec.origin).parent / "lib"
    built = any((libraries / name).exists() for name in ("libtorch_cuda.so", "torch_cuda.dll"))
    return built and (Path("/proc/driver/nvidia").exists() or shutil.which("nvidia-smi") is not None)
