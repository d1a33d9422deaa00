"""The engine: hears the document, asks the backend on a thread of its own, hands surfaces on."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from studio.backends import Backend, DeviceFailed, Surface, create_with_fallback, replace_failed
from studio.document.document import Document
from studio.document.moment import Moment
from studio.flame import rotations
from studio.flame.model import HeadModel
from studio.flame.params import Params, same_array
from studio.render.extras import NO_EXTRAS, Extras
from studio.render.extras_maker import ExtrasMaker
from studio.sequence import curve_segments
from studio.storage.errors import StudioError

_QUICK = 0.004  # seconds


@dataclass(frozen=True)
class BackendChoice:
    """What the user wants to compute with."""

    name: str = "auto"
    device: str | None = None
    threads: int | None = None


@dataclass(frozen=True, eq=False)
class _Request:
    model: HeadModel
    params: Params
    choice: BackendChoice
    moment: Moment
    measuring: bool


@dataclass(frozen=True, eq=False)
class Result:
    """A surface with what it was made from."""

    model: HeadModel
    params: Params
    surface: Surface
    backend: str
    device: str
    seconds: float  # of the forward pass


@dataclass(frozen=True, eq=False)
class Beside:
    """What belongs to a head beside it."""

    model: HeadModel
    extras: Extras


class Engine(QObject):
    """Turns the newest state of the document, or its preview, into a surface, on a worker thread.

    Newest state wins: states that were replaced while the worker was busy are never computed. What is
    shown beside the head (another head, neighbouring frames, measurements) comes after it, and not at
    all where a newer state waits. The head waits for it only while it is quick to have, so that both
    are drawn at once.
    The worker is started by :meth:`start` and joined by :meth:`stop`.
    """

    ready = Signal(object)  # Result, for the newest state known when it was made
    extras_ready = Signal(object)  # Beside, after the head it belongs to
    backend_changed = Signal(str, str)  # name, device
    notice = Signal(str)

    def __init__(self, document: Document, choice: BackendChoice) -> None:
        super().__init__()
        self._document = document
        self._choice = choice
        self._wake = threading.Condition()
        self._request: _Request | None = None
        self._asked: _Request | None = None  # the last one
        self._stopping = False
        self._measuring = False
        self._thread = threading.Thread(target=self._work, name="engine")
        document.changed.connect(self._on_changed)
        document.preview.changed.connect(self._ask)

    @property
    def choice(self) -> BackendChoice:
        """The backend the user asked for."""
        return self._choice

    def start(self) -> None:
        """Load the backend and begin with the document's current state."""
        self._ask()
        self._thread.start()

    def stop(self) -> None:
        """Finish the work in hand and join the thread."""
        self._document.changed.disconnect(self._on_changed)
        self._document.preview.changed.disconnect(self._ask)
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join()

    def use(self, choice: BackendChoice) -> None:
        """Switch backend or device, or try again one that failed; the document stays as it is."""
        self._choice = choice
        self._ask()

    def measure(self, wanted: bool) -> None:
        """Measure every head from now on, or only where its picture shows measurements."""
        if wanted != self._measuring:
            self._measuring = wanted
            if wanted:
                self._ask()

    def _on_changed(self, names: frozenset[str]) -> None:
        asked = self._asked
        other_ghosts = asked is not None and self._document.look.onion != asked.moment.onion
        if names & {"model", "takes", "active", "position", "comparison"} or other_ghosts:
            self._ask()

    def _ask(self) -> None:
        document = self._document
        model = document.model
        params = document.preview.params(model, document.position) or document.params
        with self._wake:
            self._request = self._asked = _Request(
                model, params, self._choice, Moment.of(document), self._measuring
            )
            self._wake.notify()

    def _next(self) -> _Request | None:
        with self._wake:
            self._wake.wait_for(lambda: self._stopping or self._request is not None)
            request, self._request = self._request, None
            return None if self._stopping else request

    def _work(self) -> None:
        current, ready = _Current(), False
        while (request := self._next()) is not None:
            try:
                self._answer(current, request)
                if not ready:  # after the first head, so that it does not wait for them
                    rotations.load_kernels()
                    curve_segments.load_kernels()
                    ready = True
            except StudioError as error:
                self.notice.emit(str(error))
            except Exception as error:  # noqa: BLE001 - the thread must outlive any one state
                self.notice.emit(
                    f"This state could not be computed ({error}); undo brings the last one back."
                )

    def _answer(self, current: _Current, request: _Request) -> None:
        if not current.suits(request):
            current.set(None, request)
            current.set(self._load(request), request)
        backend = current.backend
        if backend is None:
            return
        fresh = current.result is None or current.result.params is not request.params
        if fresh:
            current.result = self._compute(current, request, backend)
        result = current.result
        assert result is not None
        waits = fresh and self._request is None and current.beside_seconds < _QUICK
        if fresh and not waits:
            self.ready.emit(result)
        if not waits and self._request is not None:  # a newer state is asked for
            return
        beside = self._beside(current, request, result.surface)
        if waits:
            self.ready.emit(result)
        self.extras_ready.emit(beside)

    def _compute(self, current: _Current, request: _Request, backend: Backend) -> Result:
        started = time.perf_counter()
        try:
            surface = backend.forward(request.params)
        except DeviceFailed as failure:
            backend = self._fall_back(current, request, backend, failure)
            surface = backend.forward(request.params)
        seconds = time.perf_counter() - started
        return Result(request.model, request.params, surface, backend.name, backend.device, seconds)

    def _beside(self, current: _Current, request: _Request, surface: Surface) -> Beside:
        extras, started = NO_EXTRAS, time.perf_counter()
        try:
            extras = current.maker.make(request.moment, request.params, surface, request.measuring)
        except Exception as error:  # noqa: BLE001 - the head itself is to be seen in any case
            self.notice.emit(f"What belongs beside the head could not be computed: {error}")
        current.beside_seconds = time.perf_counter() - started
        return Beside(request.model, extras)

    def _load(self, request: _Request) -> Backend:
        choice = request.choice
        backend, notice = create_with_fallback(choice.name, request.model, choice.device, choice.threads)
        if notice:
            self.notice.emit(notice)
        self.backend_changed.emit(backend.name, backend.device)
        return backend

    def _fall_back(
        self, current: _Current, request: _Request, backend: Backend, failure: DeviceFailed
    ) -> Backend:
        backend, notice = replace_failed(backend, failure, request.choice.threads)
        current.set(backend, request)
        self.notice.emit(notice)
        self.backend_changed.emit(backend.name, backend.device)
        return backend


class _Current:
    """The backend in use and what it was made for; no backend where none could be made for that."""

    def __init__(self) -> None:
        self.backend: Backend | None = None
        self.result: Result | None = None  # the last one
        self.maker = ExtrasMaker(self._forward_beside)
        self.beside_seconds = math.inf  # what the last extras took
        self._second: Backend | None = None  # for heads of other people: an identity is kept between calls
        self._made_for: tuple[HeadModel, BackendChoice] | None = None

    def suits(self, request: _Request) -> bool:
        made_for = self._made_for
        return made_for is not None and made_for[0] is request.model and made_for[1] is request.choice

    def set(self, backend: Backend | None, request: _Request) -> None:
        self.backend, self._second, self.result = backend, None, None
        self.maker, self.beside_seconds = ExtrasMaker(self._forward_beside), math.inf
        self._made_for = (request.model, request.choice)

    def _forward_beside(self, params: Params) -> Surface:
        """A head beside the one of the last result; that one's backend keeps what the hand moves."""
        assert self.backend is not None
        assert self._made_for is not None
        model, choice = self._made_for
        if self.result is None or same_array(params.shape, self.result.params.shape):
            return self.backend.forward(params)
        if self._second is None:
            backend = self.backend
            self._second, _ = create_with_fallback(backend.name, model, backend.device, choice.threads)
        return self._second.forward(params)
