"""The engine: the newest state wins, backends can be switched, failures do not stop it."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

import studio.engine as engine_module
from studio.backends import DeviceFailed, create_backend
from studio.document.commands import set_component, use_model
from studio.document.comparison import Comparison
from studio.document.document import Document, new_take
from studio.document.look import Look, Onion
from studio.document.take import Take
from studio.engine import BackendChoice, Engine
from studio.sequence.clip import CHANNELS
from studio.storage.errors import StudioError

WAIT = 20_000


@pytest.fixture
def document(tiny_model):
    return Document(tiny_model)


@pytest.fixture
def engine(qtbot, document):
    made = Engine(document, BackendChoice("torch", "cpu"))
    yield made
    made.stop()


def jaw(document, value):
    set_component(document, "Jaw open", "jaw_pose", 0, value).apply(document)


def test_first_surface_is_the_documents_head(qtbot, document, engine, tiny_model):
    jaw(document, 0.2)
    with qtbot.waitSignal(engine.ready, timeout=WAIT) as signal:
        engine.start()
    expected = create_backend("torch", tiny_model, "cpu").forward(document.params)
    np.testing.assert_array_equal(signal.args[0].surface.vertices, expected.vertices)


def test_newest_state_wins(qtbot, document, engine, monkeypatch):
    """While the worker is held on one state, all but the last of those that follow are skipped."""
    results = []
    engine.ready.connect(results.append)
    backend = create_backend("torch", document.model, "cpu")
    monkeypatch.setattr(engine_module, "create_with_fallback", lambda *_: (backend, None))
    with qtbot.waitSignal(engine.ready, timeout=WAIT):
        engine.start()
    hold, entered = threading.Event(), threading.Event()
    forward = backend.forward

    def held(params):
        entered.set()
        hold.wait(10.0)
        return forward(params)

    monkeypatch.setattr(backend, "forward", held)
    jaw(document, 0.01)
    assert entered.wait(10.0)
    for step in range(2, 50):
        jaw(document, 0.01 * step)
    hold.set()
    qtbot.waitUntil(lambda: results[-1].params == document.params, timeout=WAIT)
    assert len(results) == 3


def test_backend_is_switched_while_running(qtbot, document, engine):
    with qtbot.waitSignal(engine.backend_changed, timeout=WAIT):
        engine.start()
    with qtbot.waitSignal(engine.ready, timeout=WAIT, check_params_cb=lambda r: r.backend == "mlx"):
        engine.use(BackendChoice("mlx", "cpu"))


def test_model_is_switched_while_running(qtbot, document, engine, head_model):
    with qtbot.waitSignal(engine.ready, timeout=WAIT):
        engine.start()
    with qtbot.waitSignal(engine.ready, timeout=WAIT) as signal:
        use_model(document, head_model, (new_take(head_model),)).apply(document)
    assert signal.args[0].model is head_model
    assert len(signal.args[0].surface.vertices) == head_model.vertex_count


def test_device_that_fails_falls_back_to_the_cpu_with_a_notice(qtbot, document, engine, monkeypatch):
    class Failing:
        name, device = "torch", "cuda:0"

        def __init__(self, model):
            self.model = model

        def forward(self, params):
            raise DeviceFailed("torch", "cuda:0", RuntimeError("out of memory"))

    monkeypatch.setattr(
        engine_module, "create_with_fallback", lambda name, model, device, threads: (Failing(model), None)
    )
    with (
        qtbot.waitSignal(engine.notice, timeout=WAIT) as notice,
        qtbot.waitSignal(engine.ready, timeout=WAIT) as ready,
    ):
        engine.start()
    assert "CPU" in notice.args[0]
    assert ready.args[0].device == "cpu"


def test_a_device_that_failed_can_be_chosen_again(qtbot, document, engine):
    engine.use(BackendChoice("torch", "cuda:7"))
    with qtbot.waitSignal(engine.ready, timeout=WAIT):
        engine.start()
    with (
        qtbot.waitSignal(engine.notice, timeout=WAIT) as notice,
        qtbot.waitSignal(engine.ready, timeout=WAIT),
    ):
        engine.use(BackendChoice("torch", "cuda:7"))
    assert "cuda:7" in notice.args[0]


def test_unknown_device_is_told_and_the_cpu_used(qtbot, document, engine):
    engine.use(BackendChoice("torch", "cuda:7"))
    with (
        qtbot.waitSignal(engine.notice, timeout=WAIT) as notice,
        qtbot.waitSignal(engine.ready, timeout=WAIT) as ready,
    ):
        engine.start()
    assert "cuda:7" in notice.args[0]
    assert ready.args[0].device == "cpu"


def test_no_backend_at_all_is_told_once_and_tried_when_chosen_again(qtbot, document, engine, monkeypatch):
    notices, tries = [], []

    def fail(name, *_):
        tries.append(name)
        raise StudioError("There is nothing to compute with.")

    engine.notice.connect(notices.append)
    with monkeypatch.context() as broken:
        broken.setattr(engine_module, "create_with_fallback", fail)
        engine.start()
        qtbot.waitUntil(lambda: len(notices) == 1, timeout=WAIT)
        for step in range(1, 4):
            jaw(document, 0.1 * step)
            qtbot.wait(20)
        assert (len(tries), len(notices)) == (1, 1)
    with qtbot.waitSignal(engine.ready, timeout=WAIT) as ready:
        engine.use(BackendChoice("torch", "cpu"))
    assert ready.args[0].params == document.params


@pytest.fixture
def two_takes(document):
    """The document with a second take, of another person with the jaw open, to compare with."""
    jaw(document, 0.1)
    other = document.params.replace(jaw_pose=(0.3, 0.0, 0.0), shape=0.5 + 0.0 * document.params.shape)
    take = replace(document.take, name="B", offset=other)
    document.set(takes=(document.take, take), comparison=Comparison("distance", take=1))
    return document


def test_the_other_head_comes_after_the_first_with_its_distances(qtbot, two_takes, engine, tiny_model):
    order = []
    engine.ready.connect(lambda _: order.append("head"))
    engine.extras_ready.connect(lambda _: order.append("beside"))
    with qtbot.waitSignal(engine.extras_ready, timeout=WAIT) as signal:
        engine.start()
    backend = create_backend("torch", tiny_model, "cpu")
    one, two = (backend.forward(take.params(0.0)).vertices for take in two_takes.takes)
    extras = signal.args[0].extras
    np.testing.assert_allclose(extras.other.vertices, two, atol=1e-6)
    expected = 1000.0 * np.linalg.norm(one.astype(float) - two, axis=1)
    np.testing.assert_allclose(extras.distances, expected, atol=1e-3)
    assert extras.summary.largest == pytest.approx(expected.max(), abs=1e-3)
    assert order == ["head", "beside"]


def test_a_setting_of_the_comparison_computes_no_head_anew(qtbot, two_takes, engine):
    heads = []
    engine.ready.connect(heads.append)
    with qtbot.waitSignal(engine.extras_ready, timeout=WAIT):
        engine.start()
    with qtbot.waitSignal(engine.extras_ready, timeout=WAIT) as signal:
        two_takes.set(comparison=two_takes.comparison.replace(distance="normal", farthest=9.0))
    assert signal.args[0].extras.comparison.farthest == 9.0
    assert len(heads) == 1


def test_a_take_that_is_not_there_compares_nothing(qtbot, two_takes, engine):
    two_takes.set(comparison=Comparison("wipe", take=7))
    with qtbot.waitSignal(engine.extras_ready, timeout=WAIT) as signal:
        engine.start()
    assert signal.args[0].extras.other is None


def test_an_other_head_that_cannot_be_computed_is_told_and_the_first_one_stays(
    qtbot, two_takes, engine, tiny_model
):
    wrong = np.zeros((tiny_model.vertex_count + 1, 3), np.float32)
    take = two_takes.takes[1]
    bad = replace(take, offset=take.offset.replace(vertex_offset=wrong))
    two_takes.set(takes=(two_takes.takes[0], bad))
    with (
        qtbot.waitSignal(engine.notice, timeout=WAIT) as notice,
        qtbot.waitSignal(engine.ready, timeout=WAIT),
        qtbot.waitSignal(engine.extras_ready, timeout=WAIT) as signal,
    ):
        engine.start()
    assert "vertices" in notice.args[0]
    assert signal.args[0].extras.other is None


def test_ghosts_are_the_neighbouring_frames(qtbot, document, engine, tiny_model):
    frames = np.linspace(0.0, 0.4, 9, dtype=np.float32)
    clip = document.take.clip
    moving = clip.replace(
        **{name: np.repeat(getattr(clip, name), 9, axis=0) for name in CHANNELS if name != "jaw_pose"},
        jaw_pose=np.stack([frames, 0 * frames, 0 * frames], axis=1),
    )
    onion = Onion(shown=True, before=2, after=2, step=3)
    document.set(takes=(Take.of("Moving", moving),), position=4.2, look=Look(onion=onion))
    with qtbot.waitSignal(engine.extras_ready, timeout=WAIT) as signal:
        engine.start()
    ghosts = signal.args[0].extras.ghosts
    assert [ghost.offset for ghost in ghosts] == [-3, 3]
    backend = create_backend("torch", tiny_model, "cpu")
    for ghost, frame in zip(ghosts, (1, 7), strict=True):
        expected = backend.forward(document.take.params(frame)).vertices
        np.testing.assert_allclose(ghost.surface.vertices, expected, atol=1e-6)
    heads = []
    engine.ready.connect(heads.append)
    with qtbot.waitSignal(engine.extras_ready, timeout=WAIT) as signal:
        document.set(look=Look(onion=onion.replace(step=1)))
    assert [ghost.offset for ghost in signal.args[0].extras.ghosts] == [-2, 2, -1, 1]
    assert not heads


def test_what_stands_in_for_the_documents_face_is_computed_until_it_goes(qtbot, document, engine, tiny_model):
    with qtbot.waitSignal(engine.ready, timeout=WAIT):
        engine.start()
    shown = document.params.replace(jaw_pose=(0.2, 0.0, 0.0))
    with qtbot.waitSignal(engine.ready, timeout=WAIT) as signal:
        document.preview.show("live", tiny_model, shown)
    assert signal.args[0].params is shown
    with qtbot.waitSignal(engine.ready, timeout=WAIT) as signal:
        document.preview.clear("live")
    assert signal.args[0].params == document.params
