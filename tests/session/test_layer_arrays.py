from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from studio.document.take import Marker, Take
from studio.flame.params import Params
from studio.sequence.clip import Clip
from studio.sequence.curves import Curve
from studio.sequence.layers import Layer
from studio.session.layer_arrays import KEYS
from studio.session.take_arrays import arrays_of, take_of, unknown_in
from studio.storage.errors import StudioError


@pytest.fixture
def take() -> Take:
    random = np.random.default_rng(4)
    handles = random.normal(size=(3, 2, 2))
    curves = {
        "expr/2": Curve.of([0, 4, 9], [0.0, 1.0, 2.0], [0, 2, 4]).replace(handles=handles),
        "jaw_pose": Curve.of([1, 5], random.normal(size=(2, 3)), "eased", turns=True),
        "control/jawOpen": Curve.of([3.5], [0.5]),
    }
    layers = (
        Layer("Keys", curves, {"control/jawOpen": random.normal(size=16)}, "add", 0.5),
        Layer("Empty", muted=True),
    )
    return replace(
        Take.of("Take", Clip.still(Params.zeros(3, 5))),
        layers=layers,
        active_layer=1,
        markers=(Marker(3, "blink"), Marker(8, "ünï", 2)),
        camera_keys={"camera/azimuth": Curve.of([0, 9], [0.0, 1.0])},
        length=40,
    )


def test_keys_markers_and_camera_come_back(take) -> None:
    arrays = arrays_of(take)
    assert not unknown_in(arrays)
    assert take_of("Take", arrays, "file") == take
    assert KEYS not in arrays_of(Take.of("Plain", take.clip))


@pytest.mark.parametrize(
    "harm",
    [
        {"key_frames": np.array([0.0, np.nan, 3, 4, 5, 6, 7, 8])},
        {"key_frames": np.zeros(8)},
        {"key_frames": np.array([0.0])},
        {"key_values": np.full(12, 1e9)},
        {"key_values": np.full(12, 5e6)},
        {"key_kinds": np.full(8, 9)},
        {"key_handles": np.array(["x"])},
        {"key_axes": np.zeros(2)},
        {"keys": np.array("[]")},
        {"keys": np.array("{")},
        {"keys": np.array(json.dumps({"layers": [{"name": "a"}], "camera": [], "markers": []}))},
    ],
)
def test_damaged_keys_are_refused_in_one_sentence(take, harm) -> None:
    with pytest.raises(StudioError, match=r"file") as caught:
        take_of("Take", {**arrays_of(take), **harm}, "file")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("layers", 0, "blend"), "multiply"),
        (("layers", 0, "weight"), 7.0),
        (("layers", 0, "curves", 0, 0), "nose"),
        (("layers", 0, "curves", 0, 0), "expr/5"),
        (("layers", 0, "curves", 0, 1), -1),
        (("camera", 0, 0), "jaw_pose"),
        (("markers", 0, 0), -1),
        (("length",), 1 << 60),
    ],
)
def test_wrong_descriptions_are_refused(take, place, value) -> None:
    arrays = arrays_of(take)
    told = json.loads(str(arrays[KEYS]))
    inner = told
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    with pytest.raises(StudioError, match="damaged"):
        take_of("Take", {**arrays, KEYS: np.array(json.dumps(told))}, "file")
