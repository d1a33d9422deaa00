"""Writing the baked head: plain arrays in an uncompressed npz, the same bytes every time."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

STAMP = (1980, 1, 1, 0, 0, 0)


def quantised(values: ArrayLike) -> tuple[NDArray[np.int16], NDArray[np.float32]]:
    """``values`` (V, 3, K) as int16, and the metres (K,) that one step of each component is worth."""
    components = np.asarray(values, dtype=np.float64).round(10)
    peak = np.abs(components).max(axis=(0, 1))
    step = (np.where(peak > 0.0, peak, 1.0) / 32767.0).astype(np.float32)
    whole = np.rint(components / step.astype(np.float64))
    return np.clip(whole, -32767, 32767).astype(np.int16), step


def write_npz(path: Path, arrays: Mapping[str, NDArray], properties: Mapping[str, object]) -> None:
    """Write ``arrays`` and ``properties`` (as JSON, in a member of bytes named `properties`) to ``path``."""
    text = json.dumps(properties, indent=1, sort_keys=True).encode()
    members = {**arrays, "properties": np.frombuffer(text, dtype=np.uint8)}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, array in members.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", STAMP), buffer.getvalue())
