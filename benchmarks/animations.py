"""What it costs to save a hundred frames for other programs, and how large the files are."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from benchmarks.measure import Measure, median_milliseconds
from benchmarks.sized_model import flame_sized_model
from studio.backends import create_backend
from studio.backends.base import Backend
from studio.document.look import Look
from studio.export.animations import Shown, animation_job
from studio.export.gltf.options import GltfOptions
from studio.flame.model import HeadModel
from studio.flame.open_head import load_open_head
from studio.sequence.clip import Clip
from studio.sequence.examples import example_path
from studio.sequence.files import read_clip

PART = "Animations"
FRAMES = 100
GLB_AT_MOST = 2000.0  # milliseconds, for a head of FLAME's size whose components all move
FEW = {"repeats": 3, "warm_up": 1}


def measure() -> list[Measure]:
    """A GLB of the open head and one of a head of FLAME's size, and the other formats."""
    head, sized = load_open_head(), flame_sized_model()
    path = example_path("speak")
    assert path is not None
    speech = read_clip(path, head)[0].part(0, FRAMES)
    plain = GltfOptions(target_normals=False)
    works: dict[str, tuple[HeadModel, Clip, str, GltfOptions, float | None]] = {
        "GLB, open head": (head, speech, "a.glb", GltfOptions(), GLB_AT_MOST),
        "GLB, open head, targets without normals": (head, speech, "b.glb", plain, None),
        "GLB, FLAME's size, all 100 components": (sized, _waves(sized), "c.glb", GltfOptions(), GLB_AT_MOST),
        "MDD, open head": (head, speech, "d.mdd", GltfOptions(), None),
        "OBJ of every frame, open head": (head, speech, "obj/%05d.obj", GltfOptions(), None),
    }
    with tempfile.TemporaryDirectory() as folder:
        return [
            _measured(name, *work, folder=Path(folder), backend=create_backend("torch", work[0], "cpu"))
            for name, work in works.items()
        ]


def _measured(
    name: str,
    model: HeadModel,
    clip: Clip,
    file: str,
    options: GltfOptions,
    at_most: float | None,
    folder: Path,
    backend: Backend,
) -> Measure:
    def save(turn: int) -> None:
        path = folder / f"{turn}" / file
        path.parent.parent.mkdir(parents=True, exist_ok=True)
        if "%" not in file:
            path.parent.mkdir(exist_ok=True)
        job = animation_job(backend, clip, path, Shown("take", Look(), options))
        job.run(lambda _: None, lambda: False)

    milliseconds = median_milliseconds(save, **FEW)
    last = folder / "0" / file
    written = list(last.parent.iterdir()) if "%" in file else [last]
    size = sum(path.stat().st_size for path in written) / 1e6
    return Measure(PART, f"{name}, {FRAMES} frames", milliseconds, at_most, f"{size:.1f} MB")


def _waves(model: HeadModel) -> Clip:
    """Everything moves."""
    random = np.random.default_rng(3)
    steps = np.linspace(0.0, 6.0, FRAMES)[:, None]

    def waves(width: int, size: float) -> np.ndarray:
        return size * np.sin(steps * random.uniform(0.3, 1.5, width) + random.uniform(0.0, 6.0, width))

    return Clip(
        shape=random.normal(0.0, 0.5, model.shape_count).astype(np.float32),
        expr=waves(model.expression_count, 1.0),
        rotation=waves(3, 0.4),
        neck_pose=waves(3, 0.3),
        jaw_pose=waves(3, 0.2),
        eyes_pose=waves(6, 0.3),
        translation=waves(3, 0.1),
        fps=30.0,
    )
