"""The command ``fit``: each photo has its files, one that fails stops no others, and all else is told."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from PIL import Image

from studio.fitting.projection import project
from studio.fitting.reading.photos import read_photo
from tests.cli.shell import answer, run
from tests.export.fits.fitted import SIZE, backend, state

RECIPE = """
name = "Quick"
[[stage]]
name = "Landmarks"
moves = ["place", "rotation"]
method = "least squares"
iterations = 4
weights = { landmarks = 1.0 }
"""


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "quick.toml"
    path.write_text(RECIPE)
    return path


def photo(path, yaw: float = 0.3):
    """A photo with the landmarks of a head beside it."""
    path.parent.mkdir(exist_ok=True)
    Image.new("RGB", SIZE, (120, 110, 100)).save(path)
    found = state()
    surface = backend().forward(found.params.replace(rotation=(0.0, yaw, 0.0)))
    np.save(path.with_suffix(".npy"), project(found.camera, surface.landmarks)[0])
    return path


def fit(*words: object) -> int:
    return run("fit", *words, "--model", "open_head", "--texture-size", 256, "--json")


@pytest.mark.parametrize("film", [False, True])
def test_a_photo_leaves_all_its_files(tmp_path, recipe, capsys, film):
    out = tmp_path / "out"
    words = ["--save-video"] if film else []
    assert fit(photo(tmp_path / "me.png"), "-o", out, "--recipe", recipe, *words) == 0
    told = answer(capsys)
    assert told["backend"] == "torch"
    (one,) = told["fits"]
    endings = (".npz", ".obj", ".mtl", ".png", ".glb", ".npy", "_camera.json", "_light.json", "_overlay.png")
    endings += ("_report.json", "_neutral.obj", "_now.npy", "_now.txt", *(("_fit.mp4",) if film else ()))
    assert sorted(one["files"]) == sorted(str(out / f"me{ending}") for ending in endings)
    assert all((out / f"me{ending}").stat().st_size for ending in endings)
    assert one["landmarks"]["mean_percent_of_eye_distance"] < 15.0
    report = json.loads((out / "me_report.json").read_text())
    assert report["recipe"]["name"] == "Quick"
    assert report["stages"][0]["iterations"] == one["iterations"] <= 4


def test_a_folder_gives_each_photo_its_own_and_one_that_fails_stops_no_others(tmp_path, recipe, capsys):
    folder = tmp_path / "photos"
    photo(folder / "a.png")
    photo(folder / "b.png", yaw=-0.2)
    Image.new("L", SIZE, 255).save(folder / "a_mask.png")
    (folder / "c.jpg").write_bytes(b"no photo")
    out = tmp_path / "out"
    assert fit(folder, "-o", out, "--recipe", recipe) == 1
    told = answer(capsys)
    assert [one["target"].rsplit("/")[-1] for one in told["fits"]] == ["a.png", "b.png", "c.jpg"]
    assert "c.jpg cannot be read as a photo" in told["fits"][2]["error"]
    assert told["problems"] == [told["fits"][2]["error"]]
    assert (out / "a.obj").exists()
    assert (out / "b.obj").exists()
    assert not list(out.glob("c*"))


def test_photos_of_one_person_have_one_shape(tmp_path, capsys):
    first, second = photo(tmp_path / "a.png"), photo(tmp_path / "b.png", yaw=-0.3)
    recipe = tmp_path / "shape.toml"
    moves = RECIPE.replace('"rotation"]', '"rotation", "shape"]').replace("1.0 }", "1.0, shape = 1e-4 }")
    recipe.write_text(moves)
    out = tmp_path / "out"
    assert fit(first, second, "-o", out, "--recipe", recipe, "--one-person") == 0
    assert len(answer(capsys)["fits"]) == 2
    shapes = [np.load(out / f"{name}.npz")["shape"] for name in "ab"]
    assert np.array_equal(*shapes)
    assert np.abs(shapes[0]).max() > 0.01


def test_landmarks_alone_are_enough(tmp_path, recipe, capsys):
    landmarks = photo(tmp_path / "me.png").with_suffix(".npy")
    out = tmp_path / "out"
    assert fit(landmarks, "-o", out, "--recipe", recipe) == 0
    (one,) = answer(capsys)["fits"]
    assert one["picture"] is None
    assert not (out / "me_overlay.png").exists()
    assert (out / "me.obj").exists()


def test_files_of_one_name_do_not_replace_one_another(tmp_path, recipe, capsys):
    first, second = photo(tmp_path / "x" / "me.png"), photo(tmp_path / "y" / "me.png")
    out = tmp_path / "out"
    assert fit(first, second, "-o", out, "--recipe", recipe) == 0
    assert len(answer(capsys)["fits"]) == 2
    assert (out / "me.obj").exists()
    assert (out / "me_2.obj").exists()


def test_the_lens_that_is_given_is_that_of_the_camera(tmp_path, recipe):
    out = tmp_path / "out"
    path = photo(tmp_path / "me.png")
    assert fit(path, "-o", out, "--recipe", recipe, "--focal", 500) == 0
    assert json.loads((out / "me_camera.json").read_text())["fx"] == 500.0
    assert fit(path, "-o", out, "--recipe", recipe, "--field-of-view", 90) == 0
    assert json.loads((out / "me_camera.json").read_text())["fx"] == pytest.approx(80.0)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("me.png", "-o", "."), "me.npy is what the head is fitted to|me.png is what the head is fitted to"),
        (("me.npy", "-o", "out", "--recipe", "photometric"), "Photometric looks at the photo"),
        (("me.png", "-o", "out", "--recipe", "photometrik"), "did you mean 'Photometric'"),
        (("me.png", "-o", "me.npy"), "me.npy is a file; give a folder"),
        (("nowhere.png", "-o", "out"), "nowhere.png does not exist"),
        (("empty", "-o", "out"), "empty holds no photo"),
        (("film.mp4", "-o", "out"), "film.mp4 has no frame"),
        (("sound.wav", "-o", "out"), "sound.wav is a WAV sound, to which no head can be fitted"),
        (("me.png", "-o", "out", "--landmarks", "nothing.json"), "nothing.json does not exist"),
        (("me.png", "-o", "out", "--mask", "me.npy"), "me.npy"),
        (("me.png", "-o", "out", "--face", "3"), "so there is no face 3"),
        (("bare.png", "-o", "out"), "bare.png shows no face that could be found; .*bare.npy or bare.pts"),
    ],
)
def test_what_cannot_be_fitted_gets_one_sentence(tmp_path, capsys, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    photo(tmp_path / "me.png")
    Image.new("RGB", SIZE).save(tmp_path / "bare.png")
    (tmp_path / "empty").mkdir()
    (tmp_path / "film.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + b"\0" * 40)
    (tmp_path / "sound.wav").write_bytes(b"RIFF\0\0\0\0WAVE" + b"\0" * 40)
    before = read_photo(tmp_path / "me.png")
    assert fit(*words) == 1
    said = answer(capsys)["error"]
    assert said.endswith((".", "?"))
    assert re.search(told, said), said
    assert np.array_equal(read_photo(tmp_path / "me.png"), before)
    assert not list(tmp_path.glob("out/*"))


def test_landmarks_beside_a_photo_are_never_replaced(tmp_path, recipe, capsys):
    path = photo(tmp_path / "me.jpg")
    landmarks = path.with_suffix(".npy").read_bytes()
    assert fit(path, "-o", tmp_path, "--recipe", recipe) == 1
    assert answer(capsys)["error"].startswith("me.npy is what the head is fitted to")
    assert path.with_suffix(".npy").read_bytes() == landmarks


def test_files_of_no_fit_are_not_replaced_and_those_of_an_earlier_one_are(tmp_path, recipe, capsys):
    path, out = photo(tmp_path / "me.png"), tmp_path / "out"
    out.mkdir()
    (out / "me.obj").write_text("mine")
    assert fit(path, "-o", out, "--recipe", recipe) == 1
    assert "me.obj is in out already and is of no fit" in answer(capsys)["error"]
    assert (out / "me.obj").read_text() == "mine"
    (out / "me.obj").unlink()
    assert fit(path, "-o", out, "--recipe", recipe) == 0
    before = (out / "me.npz").read_bytes()
    assert fit(path, "-o", out, "--recipe", recipe, "--focal", 200) == 0
    assert (out / "me.npz").read_bytes() != before


def test_an_unexpected_problem_with_one_photo_stops_no_others(tmp_path, recipe, capsys, monkeypatch):
    from studio.cli import fit_photos

    folder, out = tmp_path / "photos", tmp_path / "out"
    photo(folder / "a.png")
    photo(folder / "b.png")
    usual = fit_photos.start_state

    def broken(model, observation, recipe):
        if observation.name == "a.png":
            raise ZeroDivisionError("oops")
        return usual(model, observation, recipe)

    monkeypatch.setattr(fit_photos, "start_state", broken)
    assert fit(folder, "-o", out, "--recipe", recipe) == 1
    first, second = answer(capsys)["fits"]
    assert first["error"] == "a.png stopped on an unexpected problem (ZeroDivisionError: oops)."
    assert (out / "b.obj").exists()
    assert "error" not in second


def test_a_prior_that_could_not_act_is_told(tmp_path, recipe, capsys):
    me = photo(tmp_path / "me.png")
    assert fit(me, "-o", tmp_path / "out", "--recipe", recipe, "--prior", "dposer") == 1
    assert "no stage that the prior dposer could act in" in answer(capsys)["error"]
    recipe.write_text('[[stage]]\nmoves = ["expression"]\niterations = 3\nweights = { landmarks = 1.0 }\n')
    assert fit(me, "-o", tmp_path / "out", "--recipe", recipe, "--face-prior", tmp_path / "none.ckpt") == 1
    assert "none.ckpt" in capsys.readouterr().out


def test_nonsense_is_usage(capsys):
    assert run("fit") == 2
    assert run("fit", "me.png") == 2
    assert run("fit", "me.png", "-o", "out", "--focal", "-3") == 2
    assert run("fit", "me.png", "-o", "out", "--focal", "3", "--field-of-view", "20") == 2
    assert run("fit", "me.png", "-o", "out", "--prior", "none") == 2
