"""What a fit leaves in files is read back by the studio and by those for whom it is written."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from studio.backends import create_backend
from studio.document.environment_file import read_environment
from studio.export.fits.calibration import pinhole_of
from studio.export.fits.files import FitFilesJob
from studio.export.fits.film import Diary, FitFilmJob
from studio.export.fits.published import orthographic_like, projected
from studio.fitting.projection import project
from studio.fitting.recipe_file import shipped_recipe
from studio.flame.params import Params
from studio.jobs.job import JobCancelled
from studio.live.film import Film
from studio.render.camera_file import read_camera
from studio.sequence.files import read_clip
from studio.storage.errors import StudioError
from tests.export.fits.fitted import SIZE, backend, observation, state


def job(folder, found, **changes) -> FitFilesJob:
    given = {
        "backend": backend(),
        "observation": observation(found, off=2.0),
        "state": found,
        "recipe": shipped_recipe("photometric"),
        "history": (),
        "folder": folder,
        "label": "me",
        "texture_size": 256,
    }
    return FitFilesJob(**{**given, **changes})


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fit")
    files = job(folder, state()).run(lambda _: None, lambda: False)
    assert {path.name for path in files.paths} == {path.name for path in folder.iterdir()}
    return folder


def test_the_clip_is_the_fitted_head_in_metres(written):
    clip, _ = read_clip(written / "me.npz", backend().model)
    params = clip.frame(0)
    for name in ("shape", "expr", "rotation", "jaw_pose"):
        assert np.array_equal(getattr(params, name), getattr(state().params, name))


def test_the_camera_file_sees_the_head_where_the_photo_has_it(written):
    camera = read_camera(written / "me_camera.json")
    vertices = backend().forward(state().params).vertices
    clip = camera.clip(vertices)
    seen = (clip[:, :2] / clip[:, 3:] * (0.5, -0.5) + 0.5) * SIZE
    assert np.abs(seen - project(state().camera, vertices)[0]).max() < 1e-3


def test_an_orthographic_camera_is_a_pinhole_far_away():
    found = state("orthographic").camera
    camera = pinhole_of(found)
    vertices = backend().model.v_template
    clip = camera.clip(vertices)
    seen = (clip[:, :2] / clip[:, 3:] * (0.5, -0.5) + 0.5) * SIZE
    assert np.abs(seen - project(found, vertices)[0]).max() < 0.15


def test_a_camera_of_a_photo_too_large_for_a_picture_is_that_of_the_photo_reduced():
    large = state().camera.cropped(0.0, 0.0, 100.0, 16000, 12000)
    camera = pinhole_of(large)
    assert camera.size == (8192, 6144)
    assert camera.fx == pytest.approx(320.0 * 51.2)


def test_the_light_is_read_back_as_a_surrounding(written):
    numbers = read_environment(written / "me_light.json").coefficients
    assert np.allclose(np.reshape(numbers, (9, 3)), state().light, atol=1e-6)


def test_the_mesh_has_its_material_and_its_picture(written):
    lines = (written / "me.obj").read_text().splitlines()
    assert "mtllib me.mtl" in lines
    assert "usemtl skin" in lines
    vertices = np.array([line.split()[1:] for line in lines if line.startswith("v ")], float)
    assert np.allclose(vertices, backend().forward(state().params).vertices, atol=1e-6)
    assert "map_Kd me.png" in (written / "me.mtl").read_text()
    with Image.open(written / "me.png") as picture:
        assert picture.size == (256, 256)
    import trimesh

    mesh = trimesh.load(written / "me.obj", process=False)
    assert mesh.visual.material.image.size == (256, 256)


def test_the_glb_has_the_same_skin(written):
    import trimesh

    scene = trimesh.load(written / "me.glb")
    (mesh,) = scene.geometry.values()
    assert mesh.visual.material.baseColorTexture.size == (256, 256)


def test_scripts_of_the_published_fitting_find_what_they_know(written):
    found = np.load(written / "me.npy", allow_pickle=True)[()]
    shapes = {name: values.shape for name, values in found.items()}
    count = backend().model.vertex_count
    assert shapes == {
        "shape": (1, 100),
        "exp": (1, 50),
        "pose": (1, 6),
        "cam": (1, 3),
        "verts": (1, count, 3),
        "albedos": (1, 3, 256, 256),
        "tex": (1, 50),
        "lit": (1, 9, 3),
    }
    assert np.allclose(found["pose"][0], [0.05, 0.3, 0.0, 0.1, 0.0, 0.0])
    assert found["shape"][0, :3] == pytest.approx([0.8, -0.5, 0.4])
    clip, _ = read_clip(written / "me.npy", backend().model)
    assert np.allclose(clip.frame(0).jaw_pose, state().params.jaw_pose)


def test_its_camera_projects_as_the_orthographic_one_does():
    found = state("orthographic").camera
    vertices = backend().model.v_template
    cam = orthographic_like(found, vertices)
    seen = projected(vertices, cam)[:, :2] * 0.5 * max(SIZE) + 0.5 * np.array(SIZE)
    assert np.allclose(seen, project(found, vertices)[0], atol=1e-9)


def test_a_perspective_camera_is_told_by_one_that_is_like_it_at_the_head():
    found = state().camera
    vertices = backend().forward(state().params).vertices
    seen = projected(vertices, orthographic_like(found, vertices))[:, :2]
    seen = seen * 0.5 * max(SIZE) + 0.5 * np.array(SIZE)
    assert np.linalg.norm(seen - project(found, vertices)[0], axis=1).mean() < 2.0


def test_the_neutral_head_has_its_seven_points(written):
    model = backend().model
    neutral = backend().forward(Params.neutral(model).replace(shape=state().params.shape))
    points = np.load(written / "me_now.npy")
    assert np.allclose(points, neutral.landmarks[[36, 39, 42, 45, 33, 48, 54]])
    assert np.allclose(np.loadtxt(written / "me_now.txt"), points, atol=1e-6)
    lines = (written / "me_neutral.obj").read_text().splitlines()
    vertices = np.array([line.split()[1:] for line in lines if line.startswith("v ")], float)
    assert np.allclose(vertices, neutral.vertices, atol=1e-6)


def test_the_report_tells_how_far_the_landmarks_are_off(written):
    report = json.loads((written / "me_report.json").read_text())
    landmarks = report["landmarks"]
    assert landmarks["mean_pixels"] == pytest.approx(2.0, abs=0.01)
    share = 100.0 * 2.0 / landmarks["eye_distance_pixels"]
    assert landmarks["mean_percent_of_eye_distance"] == pytest.approx(share, abs=0.05)
    assert 3.0 < report["picture"]["psnr_db"] < 30.0
    assert [stage["name"] for stage in report["stages"]] == [
        stage.name for stage in shipped_recipe("photometric").stages
    ]


def test_the_overlay_shows_the_head_where_it_is(written):
    with Image.open(written / "me_overlay.png") as picture:
        pixels = np.asarray(picture.convert("RGB")).astype(int)
    assert pixels.shape == (SIZE[1], SIZE[0], 3)
    nose = project(state().camera, backend().forward(state().params).landmarks)[0][30]
    around = pixels[int(nose[1]) - 6 : int(nose[1]) + 6, int(nose[0]) - 6 : int(nose[0]) + 6]
    assert np.abs(around - 120).max() > 40
    assert (pixels[2, 2] == 120).all()


def test_a_head_without_texture_coordinates_has_all_the_other_files(tmp_path):
    bare = replace(backend().model, uv=None, uv_faces=None, textures=(), albedo=None)
    found = state().replace(texture_key="", texture=np.zeros(0))
    job(tmp_path, found, backend=create_backend("torch", bare)).run(lambda _: None, lambda: False)
    names = {path.name for path in tmp_path.iterdir()}
    assert {"me.obj", "me.glb", "me_overlay.png", "me.npy"} <= names
    assert not {"me.mtl", "me.png"} & names
    assert "albedos" not in np.load(tmp_path / "me.npy", allow_pickle=True)[()]


def test_what_was_read_is_never_replaced(tmp_path):
    photo = tmp_path / "me.png"
    Image.new("RGB", SIZE).save(photo)
    before = photo.read_bytes()
    with pytest.raises(StudioError, match=r"me\.png is what the head is fitted to"):
        job(tmp_path, state(), sources=(photo,)).run(lambda _: None, lambda: False)
    assert photo.read_bytes() == before
    assert list(tmp_path.iterdir()) == [photo]


def test_what_is_cancelled_leaves_nothing(tmp_path):
    asked = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 6

    with pytest.raises(JobCancelled):
        job(tmp_path, state()).run(lambda _: None, cancelled)
    assert not list(tmp_path.iterdir())


def test_a_fit_is_filmed_panel_by_panel(tmp_path):
    found = state()
    film = FitFilmJob(backend(), observation(found), [found, found], tmp_path / "me.mp4")
    with closing(Film(film.run(lambda _: None, lambda: False))) as pictures:
        frames = list(pictures)
    assert frames[0].shape == (640, 960, 3)
    assert len(frames) == 2 + 15
    photo, shape = frames[0][:320, :320], frames[0][320:, 640:]
    assert abs(float(photo[100:200, 100:200].mean()) - 120.0) < 10.0
    assert abs(float(shape[140:180, 140:180].mean()) - 120.0) > 15.0


def test_a_diary_keeps_few_states_of_many_iterations():
    class Run:
        states = ("state",)

    diary = Diary(1000)
    for _ in range(1000):
        diary.tell(None, Run)
    assert 100 <= len(diary.states) <= 140
    assert diary.of(0)[0] == "state"
