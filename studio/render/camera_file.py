"""Calibrated cameras in JSON files, one or a list of them, as calibration tools and NeRF sets write them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from studio.render.camera import NEAREST_PLANE
from studio.render.pinhole import PinholeCamera
from studio.render.shot import LARGEST
from studio.storage.atomic import write_atomically
from studio.storage.errors import StudioError
from studio.storage.json_files import read_json
from studio.storage.paths import file_size

LARGEST_CAMERA_FILE = 64 << 20  # bytes

LISTS = ("cameras", "frames")
WIDTH, HEIGHT = ("width", "w", "image_width"), ("height", "h", "image_height")
SIZE = ("size", "image_size", "resolution")
FOCAL_X, FOCAL_Y = ("fx", "fl_x", "focal", "focal_length"), ("fy", "fl_y")
MATRIX = ("K", "intrinsics", "camera_matrix")
DEGREES, RADIANS = ("field_of_view", "fov"), ("camera_angle_y", "camera_angle_x")
MIDDLE = ("cx", "cy")
DISTORTION = ("k1", "k2", "k3", "k4", "k5", "k6", "p1", "p2", "distortion", "dist_coeffs")
ROTATION, TRANSLATION = ("R", "rotation"), ("t", "T", "translation", "tvec")
WORLD_TO_CAMERA = ("world_to_camera", "extrinsics", "w2c", "view_matrix")
CAMERA_TO_WORLD = ("transform_matrix", "camera_to_world", "c2w")
NARROWEST, WIDEST = math.radians(1.0), math.radians(150.0)
NERF = "transform_matrix"  # the one key whose axes are those of OpenGL where the file does not say
NAMES = ("name", "file_path", "id")

# what an entry of a list may leave to the file around it: all of a group or nothing
SHARED = (
    (*WIDTH, *HEIGHT, *SIZE),
    (*FOCAL_X, *FOCAL_Y, *MATRIX, *DEGREES, *RADIANS, *MIDDLE),
    DISTORTION,
    ("convention",),
    ("near",),
)


def read_camera(path: Path | str, size: tuple[int, int] | None = None) -> PinholeCamera:
    """The camera at ``path``, the first of a list; see :func:`read_cameras`."""
    return read_cameras(path, size)[0]


def read_cameras(path: Path | str, size: tuple[int, int] | None = None) -> tuple[PinholeCamera, ...]:
    """The cameras at ``path``: a JSON object, a list of them, or an object with such a list.

    The list is called ``cameras`` or ``frames``. A camera has

    - its picture's size: ``width`` and ``height``, or ``size`` [w, h], in pixels;
    - intrinsics: ``fx``, ``fy``, ``cx``, ``cy``, or ``K`` (3x3), in pixels; or ``field_of_view``, vertical,
      in degrees; or ``camera_angle_x`` or ``camera_angle_y`` in radians. ``fy`` is ``fx`` and the middle
      is the picture's where they are missing;
    - extrinsics in metres: ``R`` (3x3) and ``t`` (3), world to camera, or both in ``world_to_camera`` (3x4
      or 4x4); or camera to world as ``camera_to_world`` or ``transform_matrix``;
    - ``convention``: "opencv" (x right, y down, z forward) or "opengl" (x right, y up, z backward); without
      it opengl for ``transform_matrix``, as NeRF sets have it, and else opencv;
    - optional ``near`` in metres, and ``name``.

    Entries of a list take from the object around it what they do not say themselves.

    Args:
        path: the file.
        size: the picture's size where the file does not give it.

    Raises:
        StudioError: it cannot be read, is no camera, or a value cannot be used; names file and key.
    """
    path = Path(path)
    data = _parsed(path)
    if isinstance(data, dict):
        name = next((key for key in LISTS if key in data), None)
        if name is None:
            return (_camera(data, path.name, size),)
        entries, shared = data[name], data
    else:
        name, entries, shared = "", data, {}
    if not isinstance(entries, list) or not entries:
        raise StudioError(f"{path.name} holds no camera; give an object with the camera's numbers.")
    cameras = []
    for index, entry in enumerate(entries):
        label = f"{name}[{index}] in {path.name}"
        if not isinstance(entry, dict):
            raise StudioError(f"{label} is no object with a camera's numbers; correct the file.")
        cameras.append(_camera({**_inherited(shared, entry), **entry}, label, size, str(index)))
    return tuple(cameras)


def write_camera(path: Path | str, camera: PinholeCamera) -> None:
    """Write ``camera`` as JSON that :func:`read_camera` gives back number for number.

    Raises:
        StudioError: it cannot be written.
    """
    content = {
        **({"name": camera.name} if camera.name else {}),
        "convention": camera.convention,
        "width": camera.width,
        "height": camera.height,
        **{key: getattr(camera, key) for key in ("fx", "fy", "cx", "cy")},
        "R": camera.rotation,
        "t": camera.translation,
        "near": camera.near,
    }
    text = json.dumps(content, indent=1) + "\n"
    write_atomically(Path(path), lambda stream: stream.write(text.encode()))


def _parsed(path: Path) -> Any:
    if file_size(path) > LARGEST_CAMERA_FILE:
        raise StudioError(f"{path.name} is too large for a camera; choose a JSON file.")
    data = read_json(path)
    if not isinstance(data, (dict, list)):
        raise StudioError(f"{path.name} holds no camera; give an object with the camera's numbers.")
    return data


def _inherited(shared: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    groups = [group for group in SHARED if not any(key in entry for key in group)]
    return {key: shared[key] for group in groups for key in group if key in shared}


def _camera(
    data: Mapping[str, Any], label: str, size: tuple[int, int] | None, name: str = ""
) -> PinholeCamera:
    width, height = _size(data, label, size)
    _refuse_distortion(data, label)
    lens, keys = _intrinsics(data, label, width, height)
    rotation, translation, key = _extrinsics(data, label)
    told = data.get("convention", "opengl" if key == NERF else "opencv")
    convention: Any = told.lower() if isinstance(told, str) else told
    title = next((data[field] for field in NAMES if isinstance(data.get(field), (str, int))), name)
    try:
        return PinholeCamera(
            **lens,
            width=width,
            height=height,
            rotation=rotation,  # type: ignore[arg-type]  # turned into tuples by the camera
            translation=translation,  # type: ignore[arg-type]
            convention=convention,
            near=_number(data, "near", label) if "near" in data else NEAREST_PLANE,
            name=str(title),
        )
    except ValueError as error:
        field, _, problem = str(error).partition(" ")
        _fail(label, f"{ {**keys, 'rotation': key}.get(field, field) } {problem}")


def _fail(label: str, problem: str) -> NoReturn:
    raise StudioError(f"{label}: {problem}; correct it in the file.")


def _first(data: Mapping[str, Any], keys: Iterable[str]) -> str | None:
    """The first of ``keys`` that is there."""
    return next((key for key in keys if data.get(key) is not None), None)


def _size(data: Mapping[str, Any], label: str, size: tuple[int, int] | None) -> tuple[int, int]:
    pair = _first(data, SIZE)
    if pair is not None:
        sides = _numbers(data, pair, label, (2,))
        keys = (pair, pair)
    else:
        wide, high = _first(data, WIDTH), _first(data, HEIGHT)
        if wide is None or high is None:
            if size is None:
                _fail(label, "width and height of the picture are missing")
            return size
        keys = (wide, high)
        sides = np.array([_number(data, key, label) for key in keys])
    for key, side in zip(keys, sides, strict=True):
        if side != np.floor(side) or not 1 <= side <= LARGEST:
            _fail(label, f"{key} is {side:g}, but must be a whole number of 1 to {LARGEST} pixels")
    return int(sides[0]), int(sides[1])


def _refuse_distortion(data: Mapping[str, Any], label: str) -> None:
    for key in DISTORTION:
        if key in data and np.any(_numbers(data, key, label)):
            raise StudioError(
                f"{label}: {key} says that the lens distorts, which is not drawn; "
                "undistort the pictures and give the new camera."
            )


def _intrinsics(
    data: Mapping[str, Any], label: str, width: int, height: int
) -> tuple[dict[str, float], dict[str, str]]:
    """fx, fy, cx and cy, and the keys that they came from."""
    lens = {"cx": width / 2.0, "cy": height / 2.0}
    keys = {}
    matrix, focal = _first(data, MATRIX), _first(data, FOCAL_X)
    angle = _first(data, (*DEGREES, *RADIANS))
    if matrix is not None:
        rows = _numbers(data, matrix, label, (3, 3))
        if abs(rows[0, 1]) > 1e-6 * abs(rows[0, 0]) or rows[1, 0] or not np.allclose(rows[2], (0, 0, 1)):
            _fail(label, f"{matrix} is not of the form [[fx, 0, cx], [0, fy, cy], [0, 0, 1]]")
        lens = {"fx": rows[0, 0], "fy": rows[1, 1], "cx": rows[0, 2], "cy": rows[1, 2]}
        _refuse_another_lens(data, label, matrix, lens)
        return {key: float(value) for key, value in lens.items()}, dict.fromkeys(lens, matrix)
    if focal is not None:
        focal_y = _first(data, FOCAL_Y) or focal
        lens |= {"fx": _number(data, focal, label), "fy": _number(data, focal_y, label)}
        keys = {"fx": focal, "fy": focal_y}
    elif angle is not None:
        value = _number(data, angle, label)
        radians = math.radians(value) if angle in DEGREES else value
        if not NARROWEST <= radians <= WIDEST:
            unit = "degrees, 1 to 150" if angle in DEGREES else "radians, 0.0175 to 2.617"
            _fail(label, f"{angle} is {value:g}, but is given in {unit}")
        side = width if angle == "camera_angle_x" else height
        lens["fx"] = lens["fy"] = side / 2.0 / math.tan(radians / 2.0)
    else:
        _fail(label, "fx, K or field_of_view is missing")
    lens |= {key: _number(data, key, label) for key in MIDDLE if key in data}
    return lens, keys


def _refuse_another_lens(data: Mapping[str, Any], label: str, matrix: str, lens: Mapping[str, float]) -> None:
    """Make sure that single numbers beside the matrix say what it says."""
    for name, keys in (("fx", ("fx", "fl_x")), ("fy", FOCAL_Y), ("cx", ("cx",)), ("cy", ("cy",))):
        key = _first(data, keys)
        if key is not None and not math.isclose(
            _number(data, key, label), lens[name], rel_tol=1e-3, abs_tol=0.01
        ):
            _fail(label, f"{matrix} and {key} contradict each other")


def _extrinsics(data: Mapping[str, Any], label: str) -> tuple[NDArray, NDArray, str]:
    """R (3, 3) and t (3,), world to camera, and the key of R."""
    outward, inward = _first(data, CAMERA_TO_WORLD), _first(data, WORLD_TO_CAMERA)
    turn, shift = _first(data, ROTATION), _first(data, TRANSLATION)
    given = [key for key in (outward, inward, turn) if key is not None]
    if len(given) > 1:
        _fail(label, f"{' and '.join(given)} say the same thing twice")
    if not given:
        _fail(label, "R and t, world_to_camera or transform_matrix is missing")
    key = given[0]
    if key == turn:
        if shift is None:
            _fail(label, "t is missing beside R")
        offset = _numbers(data, shift, label).reshape(-1)
        if len(offset) != 3:
            _fail(label, f"{shift} is not 3 numbers")
        return _numbers(data, key, label, (3, 3)), offset, key
    matrix = _numbers(data, key, label)
    if matrix.shape not in ((3, 4), (4, 4)):
        _fail(label, f"{key} is not a matrix of 3 or 4 rows of 4 numbers")
    if len(matrix) == 4 and not np.allclose(matrix[3], (0.0, 0.0, 0.0, 1.0), atol=1e-6):
        _fail(label, f"the last row of {key} is not 0, 0, 0, 1")
    rotation, translation = matrix[:3, :3], matrix[:3, 3]
    if key == outward:
        rotation = rotation.T
        translation = -rotation @ translation
    return rotation, translation, key


def _number(data: Mapping[str, Any], key: str, label: str) -> float:
    return float(_numbers(data, key, label, ()))


def _numbers(
    data: Mapping[str, Any], key: str, label: str, shape: tuple[int, ...] | None = None
) -> NDArray[np.float64]:
    """The finite numbers at ``key``, of ``shape`` if one is given."""
    values = data[key]
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "iuf" and not (array.dtype == object and _all_whole(array)):
            raise TypeError
        array = array.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        _fail(label, f"{key} does not hold numbers")
    if shape is not None and array.shape != shape:
        wanted = " by ".join(str(side) for side in shape) + " numbers" if shape else "one number"
        _fail(label, f"{key} is not {wanted}")
    if not np.isfinite(array).all():
        _fail(label, f"{key} holds a number that is not finite")
    return array


def _all_whole(array: NDArray) -> bool:
    """Whether these are numbers that are only too large for NumPy's own."""
    return all(isinstance(value, int) for value in array.flat)
