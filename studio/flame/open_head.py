"""Reading the open head that is shipped with the studio: plain arrays, fast enough for start-up."""

from __future__ import annotations

import filecmp
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.flame.eyelids import named_eyelids
from studio.flame.model import JOINT_NAMES, Corrective, HeadModel, LandmarkEmbedding
from studio.flame.open_head_texture import open_head_textures
from studio.storage.errors import StudioError

DATA = Path(__file__).resolve().parent / "data"
OPEN_HEAD = DATA / "open_head.npz"
OPEN_HEAD_ALBEDO = DATA / "open_head.jpg"


def load_open_head(path: Path = OPEN_HEAD) -> HeadModel:
    """The open head: V vertices, 100 identity components in sigma, expression units 0..1 with ARKit names.

    The bases are stored as int16 steps of a component's own size; what this decodes is the model.

    Raises:
        StudioError: the file is missing, damaged, or not an open head.

    """
    try:
        content = path.read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as members:
            arrays = {name: members[name] for name in members.files}
        properties = json.loads(arrays["properties"].tobytes())
        return _decode(arrays, properties, hashlib.sha256(content).hexdigest(), path)
    except OSError as error:
        raise StudioError(
            f"The open head {path} cannot be read ({error}): install the studio again."
        ) from error
    except (ValueError, KeyError, TypeError, IndexError, EOFError, zipfile.BadZipFile) as error:
        raise StudioError(f"The open head {path} is damaged ({error}): install the studio again.") from error


def is_open_head(path: Path) -> bool:
    """Whether ``path`` is the shipped open head, or a copy of it, byte for byte."""
    try:
        if not path.is_file() or path.stat().st_size != OPEN_HEAD.stat().st_size:
            return False
        return filecmp.cmp(path, OPEN_HEAD, shallow=False)
    except OSError:
        return False


def _decode(arrays: dict[str, NDArray], properties: dict[str, Any], digest: str, path: Path) -> HeadModel:
    template = arrays["v_template"]
    vertex_count = len(template)
    shapedirs = _basis(arrays["shapedirs"], arrays["shapedirs_step"])
    expressiondirs = _basis(arrays["expressiondirs"], arrays["expressiondirs_step"])
    posedirs = np.zeros((vertex_count, 3, 9 * (len(JOINT_NAMES) - 1)), dtype=np.float32)
    posedirs[:, :, arrays["posedirs_columns"]] = _basis(arrays["posedirs"], arrays["posedirs_step"])
    regressor = np.zeros((len(JOINT_NAMES), vertex_count), dtype=np.float32)
    regressor[arrays["regressor_joints"], arrays["regressor_vertices"]] = arrays["regressor_weights"]
    expression_names = tuple(properties["expression_names"])
    ends = arrays["region_ends"]
    regions = dict(
        zip(properties["region_names"], np.split(arrays["region_vertices"], ends[:-1]), strict=True)
    )
    return HeadModel(
        name=properties["name"],
        version=properties["version"],
        digest=digest,
        licence=properties["licence"],
        v_template=template,
        faces=arrays["faces"],
        shapedirs=shapedirs,
        expressiondirs=expressiondirs,
        posedirs=posedirs,
        j_regressor=regressor,
        lbs_weights=arrays["lbs_weights"],
        shape_ranges=np.tile(np.float32(properties["shape_range"]), (shapedirs.shape[2], 1)),
        expression_ranges=np.tile(np.float32(properties["expression_range"]), (expressiondirs.shape[2], 1)),
        expression_names=expression_names,
        landmarks=LandmarkEmbedding(
            arrays["faces"][arrays["static_faces"]],
            arrays["static_barycentric"],
            arrays["faces"][arrays["contour_faces"]],
            arrays["contour_barycentric"],
        ),
        uv=arrays["uv"],
        uv_faces=arrays["uv_faces"],
        regions=regions,
        eyelids=named_eyelids(expressiondirs, expression_names),
        correctives=tuple(
            Corrective(entry["expression"], entry["joint"], tuple(entry["pose"]))
            for entry in properties["correctives"]
        ),
        albedo=OPEN_HEAD_ALBEDO if OPEN_HEAD_ALBEDO.is_file() else None,
        textures=open_head_textures() if OPEN_HEAD_ALBEDO.is_file() else (),
        source=path,
    )


def _basis(steps: NDArray[np.int16], size: NDArray[np.float32]) -> NDArray[np.float32]:
    """Components (V, 3, K) in metres of ``steps`` (V, 3, K), one step of component k being ``size`` (K,)."""
    return np.multiply(steps, size, dtype=np.float32)
