"""Heads are found in scans of any unit and orientation, with holes, hair and noise."""

from __future__ import annotations

import numpy as np
import pytest

from studio.fitting.scans.closest import Surface
from studio.fitting.scans.fit import fit_scan
from studio.fitting.scans.result import ScanProblem
from studio.fitting.scans.scan import Picks, Scan
from studio.fitting.scans.scan_job import ScanJob
from studio.fitting.scans.surface import posed_vertices
from studio.flame.params import Params
from studio.jobs.job import JobCancelled
from studio.storage.errors import StudioError
from tests.fitting.scanned import head, scanned

NO_PICKS = Picks(np.zeros(0, np.intp), np.zeros((0, 3)))


@pytest.fixture
def model(head_model):
    return head_model


@pytest.mark.parametrize(("seed", "scale", "unit"), [(1, 1000.0, "millimetres"), (2, 100.0, "centimetres")])
def test_a_spoilt_scan_is_recovered(model, seed, scale, unit):
    taken = scanned(model, head(model, seed), seed, scale=scale)
    fit = fit_scan(ScanProblem(model, taken.scan, taken.picks))
    assert taken.error(fit, model.regions["face"]) < 0.75
    assert fit.notices == (f"The scan is in {unit}.",)
    assert fit.placement.scale == pytest.approx(1.0 / scale)
    assert not fit.params.rotation.any()
    assert not fit.params.translation.any()
    assert fit.distances.told(model.regions["face"])["median_mm"] < 0.25
    assert (np.abs(fit.params.shape) <= 3.0 + 1e-6).all()


def test_a_scan_of_an_unknown_unit_becomes_as_large_as_a_head(model):
    taken = scanned(model, head(model, 3), 3, scale=3.3, spoilt=False)
    fit = fit_scan(ScanProblem(model, taken.scan, taken.picks))
    assert "unit is not known" in fit.notices[-1]
    assert fit.placement.scale == pytest.approx(1.0 / 3.3, rel=0.15)
    assert fit.distances.told(model.regions["face"])["median_mm"] < 0.3


def test_a_mesh_with_triangles_is_fitted_like_its_points(model):
    params = head(model, 4)
    taken = scanned(model, params, 4, spoilt=False, scale=1.0)
    mesh = Scan("mesh", taken.vertices, model.faces)
    fit = fit_scan(ScanProblem(model, mesh, taken.picks))
    assert taken.error(fit, model.regions["face"]) < 0.75
    assert np.isfinite(fit.distances.vertices[model.regions["face"]]).mean() > 0.9


def test_an_offset_takes_up_what_the_model_does_not_know(model):
    params = head(model, 5)
    vertices = posed_vertices(model, params)
    bump = 0.004 * np.exp(
        -(((vertices - vertices[model.regions["nose"]].mean(axis=0)) / 0.03) ** 2).sum(axis=1)
    )
    lumpy = params.replace(vertex_offset=bump[:, None] * (0.0, 0.4, 1.0))
    taken = scanned(model, lumpy, 5, spoilt=False, noise=0.0)
    plain = fit_scan(ScanProblem(model, taken.scan, taken.picks))
    offset = fit_scan(ScanProblem(model, taken.scan, taken.picks, offset=True))
    nose = model.regions["nose"]
    assert offset.params.vertex_offset is not None
    assert offset.distances.told(nose)["mean_mm"] < 0.6 * plain.distances.told(nose)["mean_mm"]


def test_the_vertices_of_the_model_need_no_landmarks(model):
    params = head(model, 6).replace(eyes_pose=(0.1, 0.2, 0.0, 0.1, 0.2, 0.0))
    taken = scanned(model, params, 6, spoilt=False)
    fit = fit_scan(ScanProblem(model, Scan("mesh", taken.vertices, model.faces), NO_PICKS))
    assert taken.error(fit, np.arange(model.vertex_count)) < 0.3


def test_landmarks_alone_place_and_shape_a_head(model):
    taken = scanned(model, head(model, 7), 7, spoilt=False, picked=tuple(range(17, 68)))
    mean = fit_scan(ScanProblem(model, taken.scan, taken.picks)).placement
    fit = fit_scan(ScanProblem(model, Scan("landmarks", np.zeros((0, 3))), taken.picks))
    apart = np.linalg.norm(posed_vertices(model, Params.neutral(model)) - mean.of(taken.vertices), axis=1)
    assert fit.landmarks.mean() < 1.0
    assert taken.error(fit, model.regions["face"]) < 0.6 * 1000.0 * apart[model.regions["face"]].mean()


def test_locked_components_stay(model):
    taken = scanned(model, head(model, 8), 8, spoilt=False, count=8000)
    start = Params.neutral(model).replace(jaw_pose=(0.05, 0.0, 0.0))
    locks = frozenset({("jaw_pose", 0), ("shape", 1)})
    fit = fit_scan(ScanProblem(model, taken.scan, taken.picks, locks, start))
    assert fit.params.jaw_pose[0] == pytest.approx(0.05)
    assert fit.params.shape[1] == 0.0


def test_the_nearest_points_are_those_of_all_triangles(tiny_model):
    rng = np.random.default_rng(0)
    vertices, faces = tiny_model.v_template.astype(np.float64), tiny_model.faces
    points = rng.uniform(-0.15, 0.15, size=(200, 3))
    found = Surface(faces, len(vertices)).nearest(vertices, points)
    spread = rng.dirichlet((0.5, 0.5, 0.5), size=400)
    spread = np.concatenate([spread, np.eye(3), [[0.5, 0.5, 0.0], [0.0, 0.5, 0.5], [0.5, 0.0, 0.5]]])
    everywhere = np.einsum("kc,fcx->fkx", spread, vertices[faces]).reshape(-1, 3)
    nearest = np.sqrt(((points[:, None] - everywhere[None, ::7]) ** 2).sum(axis=2)).min(axis=1)
    assert (found.distances <= nearest + 1e-12).all()
    there = np.einsum("nc,ncx->nx", found.weights, vertices[faces[found.faces]])
    np.testing.assert_allclose(np.linalg.norm(there - points, axis=1), found.distances, atol=1e-12)
    assert found.weights.min() >= -1e-12


def test_a_fit_tells_how_it_goes_and_can_be_stopped(model):
    taken = scanned(model, head(model, 9), 9, count=5000)
    told, seen = [], []
    job = ScanJob(ScanProblem(model, taken.scan, taken.picks), lambda *shown: seen.append(shown))
    with pytest.raises(JobCancelled):
        job.run(told.append, lambda: len(seen) >= 4)
    assert len(told) >= 4
    assert seen[0][0].rotation.tolist() == [0.0, 0.0, 0.0]


def test_landmarks_in_a_row_are_refused(model):
    row = Picks(np.array([36, 39, 42]), np.array([[0.0, 0, 0], [1.0, 0, 0], [2.0, 0, 0]]))
    with pytest.raises(StudioError, match="not in a row"):
        fit_scan(ScanProblem(model, Scan("scan.ply", np.random.default_rng(0).random((50, 3))), row))


def test_landmarks_far_from_the_scan_are_told(model):
    taken = scanned(model, head(model, 1), 1, count=2000)
    away = Picks(taken.picks.indices, taken.picks.points + 5000.0)
    with pytest.raises(StudioError, match="points near the head"):
        fit_scan(ScanProblem(model, taken.scan, away))


def test_a_foreign_mesh_without_landmarks_is_refused(model):
    with pytest.raises(StudioError, match="pick landmarks"):
        fit_scan(ScanProblem(model, Scan("scan.ply", np.random.default_rng(0).random((50, 3))), NO_PICKS))
