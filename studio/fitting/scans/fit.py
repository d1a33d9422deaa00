"""A head fitted to a scan: placed by landmarks, then from coarse to fine, then measured by all points."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from studio.fitting.medians import weighted_median
from studio.fitting.recipe import Variable
from studio.fitting.scans.measuring import ScanDistances, measured
from studio.fitting.scans.offset import smooth_offset
from studio.fitting.scans.result import ScanFit, ScanProblem
from studio.fitting.scans.samples import Samples, samples_near
from studio.fitting.scans.scan import FEWEST, Picks, Placement, place_scan
from studio.fitting.scans.scan_solver import Gate, ScanSolver, pull_of, pull_to
from studio.fitting.scans.surface import posed_vertices, turned_back, upright
from studio.fitting.scans.target import Marks3D, marks_for, target_of
from studio.flame.distances import MILLIMETRES
from studio.flame.landmark_names import IBUG
from studio.flame.normals import vertex_normals
from studio.flame.params import Params
from studio.jobs.job import Cancelled, Progress, Report, check
from studio.storage.errors import StudioError

Array = NDArray[np.float64]

MOVES: tuple[Variable, ...] = ("rotation", "neck_pose", "jaw_pose", "eyelids", "shape", "expression")
RIGID: tuple[Variable, ...] = ("rotation",)
_MARK_STEPS, _RIGID_STEPS, _COARSE_STEPS, _FINE_STEPS, _OFFSET_STEPS = 8, 5, 16, 28, 2
_PICKED, _PICKED_LATER = 0.003, 0.005  # metres, by which landmarks miss: at first, and beside points
_REACH = 0.03  # metres from the head, within which points of a scan may belong to it
_COARSE, _FINE = 4000, 10000  # points
_WIDEST, _NARROWEST = 0.008, 0.0007  # metres of the robust norm
_NOISY = 3.0  # times the median miss, below which the robust norm does not get
_FIRST = 0.0015  # metres of it before it is known how points miss
_NEAR = 0.005  # metres, within which points always count
_STILL = 2e-5  # metres of mean motion, below which a head has arrived
_FEWEST_POINTS = 100
_ASTRAY = 0.01  # metres, by which a landmark misses that was hardly picked where its name says


Watch = Callable[[Params, Placement], None]  # the head under way, upright, and where the scan lies


def fit_scan(
    problem: ScanProblem,
    progress: Report = lambda _: None,
    cancelled: Cancelled = lambda: False,
    watch: Watch = lambda *_: None,
) -> ScanFit:
    """Fit the head of ``problem``.

    Raises:
        JobCancelled: it was asked to stop.
        StudioError: there are too few landmarks, or too few points of the scan near the head.

    """
    with threadpool_limits(1, user_api="blas"):  # products are small: threads would wait for one another
        return _Fitting(problem, progress, cancelled, watch).run()


class _Fitting:
    """One fit under way."""

    def __init__(self, problem: ScanProblem, progress: Report, cancelled: Cancelled, watch: Watch) -> None:
        self._problem, self._model, self._scan = problem, problem.model, problem.scan
        self._progress, self._cancelled, self._watch = progress, cancelled, watch
        self._target = target_of(problem.model)
        self._total = _MARK_STEPS + _RIGID_STEPS + _COARSE_STEPS + _FINE_STEPS + 2
        self._history: list[float] = []
        self._done = 0

    def run(self) -> ScanFit:
        began, problem = time.perf_counter(), self._problem
        params = _neutral_place(problem.start or Params.neutral(self._model))
        mean, marks = posed_vertices(self._model, params), None
        if len(problem.picks):
            marks = _checked_marks(problem)
            self._placement, told = place_scan(problem.picks.points, marks.on(mean))
            params = self._to_marks(params, marks)
            if len(self._scan.points):
                params = self._to_points(params, marks)
        else:
            self._placement, told = place_scan(_corresponding(problem), mean)
            params = self._to_vertices(params)
        params, self._placement = upright(self._model, params, self._placement)
        self._tell("Measuring")
        vertices = posed_vertices(self._model, params)
        found = self._measured(vertices)
        missed = np.zeros(0, np.float32)
        if marks is not None:
            apart = self._placement.of(problem.picks.points) - marks.on(vertices)
            missed = (np.linalg.norm(apart, axis=1) * MILLIMETRES).astype(np.float32)
        notices = (*self._scan.notices, told, *_astray(problem.picks, missed))
        seconds = time.perf_counter() - began
        return ScanFit(
            params, vertices, self._placement, found, missed, tuple(self._history), seconds, notices
        )

    def _to_marks(self, params: Params, marks: Marks3D) -> Params:
        solver = ScanSolver(self._model, params, self._problem.locks, MOVES)
        wanted = self._placement.of(self._problem.picks.points)
        for _ in range(_MARK_STEPS):
            missed = np.linalg.norm(wanted - marks.on(solver.vertices), axis=1)
            self._step("Placing by landmarks", solver, float(missed.mean()))
            if solver.step(None, marks, wanted, _PICKED) < _STILL:
                break
        return solver.params

    def _to_points(self, params: Params, marks: Marks3D) -> Params:
        params = self._approach("Placing", params, marks, RIGID, _COARSE, _RIGID_STEPS, 1.0)
        params = self._approach("Coarse", params, marks, MOVES, _COARSE, _COARSE_STEPS, 1.0)
        params = self._approach("Fine", params, marks, MOVES, _FINE, _FINE_STEPS, 0.0)
        return self._offset(params) if self._problem.offset else params

    def _approach(
        self,
        what: str,
        params: Params,
        marks: Marks3D,
        moves: tuple[Variable, ...],
        count: int,
        steps: int,
        wide: float,
    ) -> Params:
        """Some steps towards points; the robust norm gets narrower, from ``wide`` of its widest."""
        solver = ScanSolver(self._model, params, self._problem.locks, moves)
        samples = self._samples(solver.vertices, count)
        wanted, narrowest = self._placement.of(self._problem.picks.points), _FIRST
        for number in range(steps):
            robust = max(wide * _WIDEST * 0.8**number, narrowest)
            gate = Gate(min(_REACH, max(6.0 * robust, _NEAR)), robust)
            vertices = solver.vertices
            pull = pull_of(self._target, vertices, self._normals(vertices), samples, gate)
            typical = weighted_median(np.abs(pull.missed), pull.counts)
            narrowest = float(np.clip(_NOISY * typical, _NARROWEST, _FIRST)) if number > 1 else _FIRST
            self._step(what, solver, typical)
            moved = solver.step(pull, marks, wanted, _PICKED_LATER)
            if moved < _STILL and number > 2 and wide * _WIDEST * 0.8**number < narrowest:
                break
        return solver.params

    def _samples(self, vertices: Array, count: int) -> Samples:
        trusted = vertices[self._target.trust > 0.0]
        samples = samples_near(self._scan, self._placement, trusted, _REACH, count)
        if len(samples.points) < _FEWEST_POINTS:
            raise StudioError(
                f"{self._scan.name} has only {len(samples.points)} points near the head; "
                "look whether each landmark is picked where its name says."
            )
        return samples

    def _to_vertices(self, params: Params) -> Params:
        solver = ScanSolver(self._model, params, self._problem.locks, (*MOVES, "eyes_pose"))
        wanted = self._placement.of(self._scan.points)
        for number in range(_COARSE_STEPS):
            robust = max(0.03 * 0.7**number, 0.004)
            pull = pull_to(solver.vertices, wanted, robust)
            missed = np.linalg.norm(wanted - solver.vertices, axis=1)
            self._step("Vertices", solver, float(missed.mean()))
            if solver.step(pull, None, np.zeros((0, 3)), 1.0) < _STILL:
                break
        params = solver.params
        if not self._problem.offset:
            return params
        missed = wanted - posed_vertices(self._model, params)
        return params.replace(vertex_offset=turned_back(self._model, params, missed))

    def _offset(self, params: Params) -> Params:
        """``params`` with a smooth offset; joints move with it, so that what is left is taken up again."""
        total = np.zeros((self._model.vertex_count, 3))
        for _ in range(_OFFSET_STEPS):
            check(self._cancelled)
            vertices = posed_vertices(self._model, params)
            samples = self._samples(vertices, 2 * _FINE)
            gate = Gate(0.3 * _REACH, 2.0 * _FIRST)
            pull = pull_of(self._target, vertices, self._normals(vertices), samples, gate)
            moved = smooth_offset(self._model.faces, len(vertices), pull)
            total = total + turned_back(self._model, params, moved)
            params = params.replace(vertex_offset=total)
        return params

    def _measured(self, vertices: Array) -> ScanDistances:
        extra = None
        if self._scan.faces is not None and len(self._scan.faces):
            trusted = vertices[self._target.trust > 0.0]
            extra = samples_near(self._scan, self._placement, trusted, _REACH, 4 * _FINE)
        normals = self._normals(vertices)
        return measured(self._scan, self._placement, extra, self._target, vertices, normals)

    def _normals(self, vertices: Array) -> Array:
        return vertex_normals(vertices.astype(np.float32), self._target.surface.faces).astype(np.float64)

    def _step(self, what: str, solver: ScanSolver, missed: float) -> None:
        check(self._cancelled)
        self._history.append(missed * MILLIMETRES)
        self._tell(f"{what}, {missed * MILLIMETRES:.2f} mm")
        self._watch(*upright(self._model, solver.params, self._placement))

    def _tell(self, what: str) -> None:
        check(self._cancelled)
        self._done = min(self._done + 1, self._total)
        self._progress(Progress(self._done, self._total, what))


def _neutral_place(params: Params) -> Params:
    return params.replace(rotation=np.zeros(3), translation=np.zeros(3), vertex_offset=None)


def _checked_marks(problem: ScanProblem) -> Marks3D:
    picks, name = problem.picks, problem.scan.name
    spread = np.linalg.svd(picks.points - picks.points.mean(axis=0), compute_uv=False)
    if len(picks) < FEWEST or spread[1] < 1e-3 * spread[0]:
        raise StudioError(
            f"{name} has {len(picks)} landmarks, too few to place it; pick {FEWEST} that are not in a row."
        )
    return marks_for(problem.model, picks)


def _astray(picks: Picks, missed: NDArray[np.float32]) -> tuple[str, ...]:
    """A sentence on the landmark that is farthest off, where it is too far."""
    if not len(missed) or missed.max() < _ASTRAY * MILLIMETRES:
        return ()
    worst = int(np.argmax(missed))
    name = IBUG[int(picks.indices[worst])].name
    return (
        f"The landmark {name} is {missed[worst]:.0f} mm off; look whether it is picked where it should be.",
    )


def _corresponding(problem: ScanProblem) -> Array:
    """The points of a mesh that has the model's vertices."""
    count, name = len(problem.scan.points), problem.scan.name
    if count != problem.model.vertex_count:
        raise StudioError(
            f"{name} has no landmarks, and not the {problem.model.vertex_count} vertices of "
            f"{problem.model.name} either; pick landmarks on it."
        )
    return problem.scan.points
