"""An npz written block by block is the npz that NumPy reads."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from studio.storage.npz_stream import Streamed, write_streamed


def test_blocks_and_whole_arrays_come_back() -> None:
    values = np.arange(24).reshape(4, 6)
    gathered: list[int] = []

    def blocks() -> Iterator[np.ndarray]:
        for row in values:
            gathered.append(int(row[0]))
            yield row

    def members() -> Iterator[tuple[str, Any]]:
        yield "streamed", Streamed("<f4", values.shape, blocks())
        yield "late", np.array(gathered)
        yield "nothing", Streamed("<i4", (0, 3), iter(()))

    stream = io.BytesIO()
    write_streamed(stream, members())
    with np.load(io.BytesIO(stream.getvalue()), allow_pickle=False) as stored:
        np.testing.assert_array_equal(stored["streamed"], values.astype("<f4"))
        assert stored["streamed"].dtype == np.float32
        assert stored["late"].tolist() == [0, 6, 12, 18]
        assert stored["nothing"].shape == (0, 3)


def test_blocks_that_do_not_fill_the_shape_are_not_passed_off_as_whole() -> None:
    with pytest.raises(ValueError, match="lacks 3"):
        write_streamed(io.BytesIO(), [("a", Streamed("<f4", (3, 3), [np.zeros((2, 3))]))])
