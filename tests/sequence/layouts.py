"""One clip in every layout that the studio reads, written with nothing of the studio."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

SHAPE, EXPR = 6, 4
ROTATIONS = ("rotation", "neck_pose", "jaw_pose", "eyes_pose")


def columns(frames: int, seed: int = 3) -> dict[str, np.ndarray]:
    """A clip of ``frames`` frames by the names of VHAP, in float32."""
    random = np.random.default_rng(seed)
    widths = {"expr": EXPR, "rotation": 3, "neck_pose": 3, "jaw_pose": 3, "eyes_pose": 6, "translation": 3}
    moving = {name: random.normal(0, 0.3, (frames, width)) for name, width in widths.items()}
    arrays = {"shape": random.normal(size=SHAPE), **moving}
    return {name: values.astype(np.float32) for name, values in arrays.items()}


def oxigaf_frames(arrays: dict[str, np.ndarray]) -> list[dict[str, list[float]]]:
    """Frames as oxigaf-flame has them in JSON: one pose of 15 numbers."""
    pose = np.concatenate([arrays[name] for name in ROTATIONS], axis=1)
    return [
        {
            "shape": arrays["shape"].tolist(),
            "expression": arrays["expr"][index].tolist(),
            "pose": pose[index].tolist(),
            "translation": arrays["translation"][index].tolist(),
        }
        for index in range(len(pose))
    ]


def _npz(folder: Path, arrays: dict[str, np.ndarray]) -> Path:
    np.savez(folder / "clip.npz", **arrays)
    return folder / "clip.npz"


def _packed(folder: Path, arrays: dict[str, np.ndarray]) -> Path:
    np.savez_compressed(folder / "clip.npz", **arrays, fps=np.array(30.0))
    return folder / "clip.npz"


def _oxigaf_npz(folder: Path, arrays: dict[str, np.ndarray]) -> Path:
    pose = np.concatenate([arrays[name] for name in ROTATIONS], axis=1)
    shape = np.repeat(arrays["shape"][None], len(pose), axis=0)
    np.savez(
        folder / "oxi.npz",
        shape=shape,
        expression=arrays["expr"],
        pose=pose,
        translation=arrays["translation"],
    )
    return folder / "oxi.npz"


def _json(folder: Path, arrays: dict[str, np.ndarray]) -> Path:
    path = folder / "clip.json"
    path.write_text(json.dumps({"fps": 60, "frames": oxigaf_frames(arrays)}))
    return path


def _json_columns(folder: Path, arrays: dict[str, np.ndarray]) -> Path:
    path = folder / "columns.json"
    path.write_text(json.dumps({name: values.tolist() for name, values in arrays.items()}, indent=1))
    return path


def _npy_folder(folder: Path, arrays: dict[str, np.ndarray]) -> Path:
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", values)
    return folder


def _one_by_one(arrays: dict[str, np.ndarray]) -> list[dict[str, np.ndarray]]:
    varying = [name for name in arrays if name not in ("shape", "static_offset")]
    count = len(arrays["expr"])
    return [{**arrays, **{name: arrays[name][i : i + 1] for name in varying}} for i in range(count)]


def _folder_of_npz(folder: Path, arrays: dict[str, np.ndarray]) -> Path:
    for index, frame in enumerate(_one_by_one(arrays)):
        np.savez(folder / f"frame_{index}.npz", **frame)
    return folder


def _numbered(folder: Path, arrays: dict[str, np.ndarray]) -> Path:
    _folder_of_npz(folder, arrays)
    np.savez(folder / "frame_x.npz", expr=np.full((1, EXPR), 9.0))
    return folder / "frame_{}.npz"


def _folder_of_json(folder: Path, arrays: dict[str, np.ndarray]) -> Path:
    for index, frame in enumerate(oxigaf_frames(arrays)):
        (folder / f"{index}.json").write_text(json.dumps(frame))
    return folder


LAYOUTS = {
    "npz": _npz,
    "packed": _packed,
    "oxigaf npz": _oxigaf_npz,
    "json": _json,
    "json columns": _json_columns,
    "npy folder": _npy_folder,
    "folder of npz": _folder_of_npz,
    "folder of json": _folder_of_json,
    "numbered": _numbered,
}


def write(layout: str, folder: Path, arrays: dict[str, np.ndarray]) -> Path:
    """Write ``arrays`` into ``folder`` in ``layout``; what to open."""
    return LAYOUTS[layout](folder, arrays)
