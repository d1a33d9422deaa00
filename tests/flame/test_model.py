from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from studio.flame.model import HeadModel


def test_no_array_of_a_model_can_be_written(head_model: HeadModel) -> None:
    assert head_model.landmarks is not None
    arrays = {
        entry.name: getattr(record, entry.name)
        for record in (head_model, head_model.landmarks)
        for entry in fields(record)
        if isinstance(getattr(record, entry.name), np.ndarray)
    } | dict(head_model.regions)
    assert {"v_template", "uv", "contour_corners", "lips"} <= arrays.keys()
    assert [name for name, array in arrays.items() if array.flags.writeable] == []
    with pytest.raises(ValueError, match="read-only"):
        head_model.v_template[0] = 0.0
