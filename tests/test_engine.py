"""The engine: the newest state wins, backends can be switched, failures do not stop it."""

from __future__ import annotations

import threading

import numpy as np
import pytest

import studio.engine as engine_module
from studio.backends import DeviceFailed, create_backend
from studio.document.commands import set_component, use_model
from studio.document.document import Document, new_take
from studio.engine import BackendChoice, Engine
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
