"""Clips in the layouts of other programs, made with nothing of the studio."""

from __future__ import annotations

import csv
import json
import pickle
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

COUNT = 6


def turns(seed: int, *shape: int) -> np.ndarray:
    """Axis-angle vectors (*shape, 3), each below half a turn, float64."""
    return np.random.default_rng(seed).normal(0.0, 0.5, (*shape, 3))


def numbers(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, 1.0, shape)


def rows_of(vectors: np.ndarray) -> np.ndarray:
    """The first two rows of the matrices of axis-angle vectors, as PyTorch3D's 6-D rotations."""
    matrices = Rotation.from_rotvec(vectors.reshape(-1, 3)).as_matrix()
    return matrices[:, :2].reshape(*vectors.shape[:-1], 6)


def tracker_frame(index: int, torch_tensors: bool = False) -> dict:
    """A frame of metrical-tracker: the head in front of an OpenCV camera."""
    jaw, eyes = turns(1, COUNT), turns(2, COUNT, 2)
    frame = {
        "flame": {
            "exp": numbers(3, COUNT, 100)[index : index + 1].astype(np.float32),
            "shape": numbers(4, 1, 300).astype(np.float32),
            "tex": np.zeros((1, 140), np.float32),
            "sh": np.zeros((1, 9, 3), np.float32),
            "eyes": rows_of(eyes)[index].reshape(1, 12).astype(np.float32),
            "eyelids": np.array([[0.25, 0.5]], np.float32),
            "jaw": rows_of(jaw)[index].reshape(1, 6).astype(np.float32),
        },
        "img_size": np.array([512, 512]),
        "frame_id": f"{index:05d}",
    }
    turn, shift = head_before_camera(index)
    opencv = np.diag([1.0, -1.0, -1.0])
    frame["opencv"] = {"R": (opencv @ turn)[None], "t": (opencv @ shift)[None], "K": np.eye(3)[None]}
    pytorch3d = np.diag([-1.0, 1.0, -1.0])
    frame["camera"] = {
        "R": (pytorch3d @ turn).T[None].astype(np.float32),
        "t": (pytorch3d @ shift)[None].astype(np.float32),
        "fl": np.array([[2000.0]]),
        "pp": np.zeros((1, 2)),
    }
    if torch_tensors:
        import torch

        frame["flame"] = {key: torch.from_numpy(value) for key, value in frame["flame"].items()}
    return frame


def head_before_camera(index: int) -> tuple[np.ndarray, np.ndarray]:
    """Where a vertex goes before a camera that looks along -Z: x' = A x + b."""
    turn = Rotation.from_rotvec(0.5 * turns(5, COUNT)[index]).as_matrix()
    return turn, np.array([0.01 * index, -0.02 * index, -1.0 + 0.03 * index])


def save_tracker(folder: Path, **options: bool) -> Path:
    import torch

    checkpoint = folder / "checkpoint"
    checkpoint.mkdir()
    for index in range(COUNT):
        torch.save(tracker_frame(index, **options), checkpoint / f"{index:05d}.frame")
    return checkpoint


def deca(seed: int = 6) -> dict[str, np.ndarray]:
    """DECA's codes of one picture."""
    return {
        "shape": numbers(seed, 1, 100).astype(np.float32),
        "tex": numbers(seed + 1, 1, 50).astype(np.float32),
        "exp": numbers(seed + 2, 1, 50).astype(np.float32),
        "pose": turns(seed + 3, 1, 2).reshape(1, 6).astype(np.float32),
        "cam": np.array([[9.0, 0.1, 0.0]], np.float32),
        "light": np.zeros((1, 9, 3), np.float32),
        "detail": np.zeros((1, 128), np.float32),
    }


def save_emoca(folder: Path) -> Path:
    out = folder / "EMOCA_v2"
    for index in range(COUNT):
        inside = out / f"frame_{index}"
        inside.mkdir(parents=True)
        for name, values in deca(10 * index).items():
            if name in ("shape", "exp", "pose", "tex", "detail"):
                np.save(inside / f"{name}.npy", values[0])
    return out


def head_tracker() -> dict[str, np.ndarray]:
    return {
        "shape": numbers(1, 1, 300).astype(np.float32),
        "exp": numbers(2, 1, 100).astype(np.float32),
        "head_pose": turns(3, 1).astype(np.float32),
        "jaw_pose": turns(4, 1).astype(np.float32),
        "neck_pose": turns(5, 1).astype(np.float32),
        "eye_pose": turns(6, 1, 2).reshape(1, 6).astype(np.float32),
        "tex": np.zeros((1, 50), np.float32),
        "light": np.zeros((1, 9, 3), np.float32),
        "cam": np.zeros((1, 6), np.float32),
        "fov": np.array(20.0),
        "K": np.eye(3)[None],
    }


UNITS = [
    "EyeBlinkLeft",
    "EyeLookDownLeft",
    "EyeLookInLeft",
    "EyeLookOutLeft",
    "EyeLookUpLeft",
    "EyeSquintLeft",
    "EyeWideLeft",
    "EyeBlinkRight",
    "EyeLookDownRight",
    "EyeLookInRight",
    "EyeLookOutRight",
    "EyeLookUpRight",
    "EyeSquintRight",
    "EyeWideRight",
    "JawForward",
    "JawRight",
    "JawLeft",
    "JawOpen",
    "MouthClose",
    "MouthFunnel",
    "MouthPucker",
    "MouthRight",
    "MouthLeft",
    "MouthSmileLeft",
    "MouthSmileRight",
    "MouthFrownLeft",
    "MouthFrownRight",
    "MouthDimpleLeft",
    "MouthDimpleRight",
    "MouthStretchLeft",
    "MouthStretchRight",
    "MouthRollLower",
    "MouthRollUpper",
    "MouthShrugLower",
    "MouthShrugUpper",
    "MouthPressLeft",
    "MouthPressRight",
    "MouthLowerDownLeft",
    "MouthLowerDownRight",
    "MouthUpperUpLeft",
    "MouthUpperUpRight",
    "BrowDownLeft",
    "BrowDownRight",
    "BrowInnerUp",
    "BrowOuterUpLeft",
    "BrowOuterUpRight",
    "CheekPuff",
    "CheekSquintLeft",
    "CheekSquintRight",
    "NoseSneerLeft",
    "NoseSneerRight",
    "TongueOut",
    "HeadYaw",
    "HeadPitch",
    "HeadRoll",
    "LeftEyeYaw",
    "LeftEyePitch",
    "LeftEyeRoll",
    "RightEyeYaw",
    "RightEyePitch",
    "RightEyeRoll",
]


def save_face_csv(path: Path, rows: list[dict[str, float]], timecodes: list[str]) -> Path:
    """Live Link Face's layout; units that a row does not name are 0."""
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Timecode", "BlendShapeCount", *UNITS])
        for row, timecode in zip(rows, timecodes, strict=True):
            writer.writerow([timecode, 61, *(row.get(name, 0.0) for name in UNITS)])
    return path


def timecode(frame: int, rate: int = 60) -> str:
    seconds, left = divmod(frame, rate)
    return f"14:{5 + seconds // 60:02d}:{seconds % 60:02d}:{left:02d}.{frame % 7:03d}"


BVH = """HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Yrotation Xrotation
  JOINT Spine
  {
    OFFSET 0 20 0
    CHANNELS 3 Zrotation Yrotation Xrotation
    JOINT Neck
    {
      OFFSET 0 30 0
      CHANNELS 3 Zrotation Xrotation Yrotation
      JOINT Head
      {
        OFFSET 0 10 1
        CHANNELS 3 Yrotation Xrotation Zrotation
        End Site
        {
          OFFSET 0 10 0
        }
      }
    }
    JOINT LeftArm
    {
      OFFSET 10 25 0
      CHANNELS 3 Zrotation Yrotation Xrotation
      End Site
      {
        OFFSET 10 0 0
      }
    }
  }
}
MOTION
Frames: {count}
Frame Time: {time}
"""


def bvh_rows(seed: int = 9) -> np.ndarray:
    """Degrees, in the order of the channels of :data:`BVH`."""
    return np.random.default_rng(seed).uniform(-40.0, 40.0, (COUNT, 18))


def save_bvh(path: Path, rows: np.ndarray, time: float = 1 / 30) -> Path:
    text = BVH.replace("{count}", str(len(rows))).replace("{time}", f"{time:.7f}")
    lines = "\n".join(" ".join(f"{value:.9f}" for value in row) for row in rows)
    path.write_text(text + lines + "\n")
    return path


def imavatar() -> dict:
    return {
        "shape_params": numbers(1, 100).tolist(),
        "intrinsics": [1.0, 1.0, 0.5, 0.5],
        "frames": [
            {
                "file_path": f"image/{index}",
                "world_mat": np.eye(4).tolist(),
                "expression": numbers(2, COUNT, 50)[index].tolist(),
                "pose": turns(3, COUNT, 5)[index].reshape(-1).tolist(),
                "bbox": [0, 0, 1, 1],
            }
            for index in range(COUNT)
        ],
    }


def save_json(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content))
    return path


def save_pickle(path: Path, content: object, protocol: int = 4) -> Path:
    path.write_bytes(pickle.dumps(content, protocol=protocol))
    return path
