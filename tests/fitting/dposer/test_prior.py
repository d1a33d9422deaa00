"""The prior is the published one: network, files, noise, and what it costs."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from studio.fitting.dposer.files import (
    FORMAT,
    PUBLISHED_BASIS,
    PriorFiles,
    find_priors,
    load_prior,
    published_weights,
    save_prior,
    unfit_for,
)
from studio.fitting.dposer.network import (
    TimeNetwork,
    expected_shapes,
    mlx_namespace,
    numpy_namespace,
    torch_namespace,
)
from studio.fitting.dposer.prior import FACE, SHAPE, DiffusionPrior
from studio.fitting.dposer.schedule import alpha, divisors, sigma, truncated_time
from studio.fitting.dposer.training import Trained
from studio.storage.errors import StudioError
from tests.fitting.dposer.networks import drawn, write_checkpoint, write_normaliser

LIBRARIES = {"numpy": numpy_namespace, "torch": torch_namespace, "mlx": mlx_namespace}
TIMES = (0.0, 0.08, 0.1, 0.12, 0.5, 0.999)


def arrays(network) -> dict[str, np.ndarray]:
    return {name: value.detach().numpy() for name, value in network.state_dict().items()}


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(("width", "hidden", "embedded"), [(103, 256, 32), (100, 512, 64)])
def test_the_network_gives_what_the_modules_give(library, width, hidden, embedded):
    published = drawn(width, hidden, embedded)
    own = TimeNetwork.of(arrays(published), LIBRARIES[library]())
    values = np.random.default_rng(1).standard_normal((5, width))
    for time in TIMES:
        with torch.no_grad():
            wanted = published(torch.tensor(values, dtype=torch.float32), torch.full((5,), time)).numpy()
        found = own.noise_in(values, time)
        assert np.abs(found - wanted).max() < 2e-5 * np.abs(wanted).max()


@pytest.mark.parametrize(
    ("time", "left", "noise"),
    [(0.08, 0.9648, 0.0692), (0.10, 0.9467, 0.1037), (0.12, 0.9253, 0.1438), (0.3, 0.630, 0.604)],
)
def test_the_noise_is_that_of_the_published_table(time, left, noise):
    assert alpha(time) == pytest.approx(left, abs=6e-4)
    assert sigma(time) == pytest.approx(noise, abs=6e-4)


def test_divisors_and_times_are_the_published_ones():
    assert divisors()[int(999 * 0.08)] == pytest.approx(25.5, abs=0.1)
    assert divisors()[int(999 * 0.12)] == pytest.approx(18.1, abs=0.1)
    assert truncated_time(0.0) == 0.12
    assert truncated_time(1.0) == pytest.approx(0.08)


@pytest.fixture
def published(tmp_path, monkeypatch):
    """The files of both priors as DPoser-X's folders have them, and the averaged networks in them."""
    face, shape = drawn(103, seed=3), drawn(100, seed=4)
    write_checkpoint(tmp_path / "face/BaseMLP/last.ckpt", drawn(103, seed=5), face, monkeypatch)
    write_checkpoint(tmp_path / "face_shape/BaseMLP/last.ckpt", drawn(100, seed=6), shape, monkeypatch)
    random = np.random.default_rng(7)
    for name, count in (("jaw", 3), ("expression", 100), ("betas", 100)):
        write_normaliser(tmp_path, name, random.normal(size=count), random.uniform(0.05, 1.0, count))
    return tmp_path, face, shape


def test_published_files_are_found_and_their_averaged_weights_used(published):
    folder, face, _ = published
    files = {one.of: one for one in find_priors([folder / "nothing", folder])}
    assert set(files) == {FACE, SHAPE}
    weights = published_weights(files[FACE].checkpoint)
    for name, value in face.named_parameters():
        assert np.array_equal(weights[name], value.detach().numpy()), name
    prior = load_prior(files[FACE], numpy_namespace())
    assert (prior.width, prior.basis) == (103, PUBLISHED_BASIS)


def test_the_cost_is_the_published_formula_and_its_slope_pulls_towards_the_denoised_face(published):
    folder, face, shape = published
    for files, network in zip(find_priors([folder]), (face, shape), strict=True):
        prior = load_prior(files, torch_namespace())
        random = np.random.default_rng(11)
        values = random.normal(size=(2, prior.width))
        cost, slope = prior.pull(values, 0.5, np.random.default_rng(2))
        u = (values - prior.mean) / prior.std
        z = np.random.default_rng(2).standard_normal(u.shape)
        a, s = alpha(0.1), sigma(0.1)
        with torch.no_grad():
            f = network(torch.tensor(a * u + s * z, dtype=torch.float32), torch.full((2,), 0.1)).numpy()
        score = -f / s
        u0 = (a * u + s * z + s * s * score) / a
        w = 0.5 * np.sqrt(1.0 + (a / s) ** 2) if files.of == SHAPE else 0.5
        assert cost == pytest.approx((w * (u - u0) ** 2).sum() / 2, rel=1e-4)
        assert slope == pytest.approx(2.0 * w * (u - u0) / (2 * prior.std), rel=1e-3, abs=1e-5)


def test_own_files_come_back_and_belong_to_their_model(tmp_path, head_model, tiny_model):
    weights = arrays(drawn(45))
    trained = Trained(weights, np.arange(45.0), np.full(45, 0.5), 0.1)
    path = tmp_path / "prior_face.safetensors"
    save_prior(path, trained, FACE, head_model)
    (files,) = find_priors([tmp_path])
    prior = load_prior(files, numpy_namespace())
    assert prior.mean == pytest.approx(np.arange(45.0))
    assert unfit_for(prior, head_model) == ""
    assert "another model" in unfit_for(prior, tiny_model)


def test_a_published_prior_is_for_its_release_alone(head_model):
    prior = DiffusionPrior(FACE, None, np.zeros(45), np.ones(45), PUBLISHED_BASIS, "last.ckpt")
    assert "FLAME 2020" in unfit_for(prior, head_model)
    assert unfit_for(prior, replace(head_model, name="FLAME 2020", version="FLAME 2020")) == ""
    assert unfit_for(prior, replace(head_model, name="FLAME 2023", version="FLAME 2023")) != ""


class Thief:
    """What a hostile checkpoint would have run."""

    def __reduce__(self):
        return (print, ("stolen",))


HOSTILE = {
    "code": lambda path: torch.save({"state_dict": Thief()}, path),
    "nothing": lambda path: path.write_bytes(b""),
    "no network": lambda path: torch.save({"state_dict": {"a": torch.zeros(3)}}, path),
    "text": lambda path: torch.save(["a"], path),
    "other sizes": lambda path: torch.save(
        {"state_dict": dict(drawn(103).state_dict(), **{"post_dense.bias": torch.zeros(4)})}, path
    ),
    "too few averages": lambda path: torch.save(
        {"state_dict": drawn(103).state_dict(), "model_ema": {"shadow_params": [torch.zeros(3)]}}, path
    ),
    "no numbers": lambda path: torch.save(
        {"state_dict": {k: v * float("nan") for k, v in drawn(103).state_dict().items()}}, path
    ),
}


ODD = {
    "one axis": {"pre_dense.weight": np.ones(3, np.float32)},
    "no axis": {"shared_time_embed.0.weight": np.array(1.0, np.float32)},
    "no number": {"b1_dense1.bias": np.full(32, np.nan, np.float32)},
    "no mean": {"mean": np.full(6, np.nan, np.float32)},
    "endless deviation": {"std": np.full(6, np.inf, np.float32)},
    "divided by nothing": {"sigmas": np.zeros(1000, np.float32)},
}


@pytest.mark.parametrize("case", ODD)
def test_an_own_file_with_odd_numbers_is_refused_in_a_sentence(case, tmp_path):
    from safetensors.numpy import save_file

    arrays = {name: np.ones(shape, np.float32) for name, shape in expected_shapes(6, 32, 8).items()}
    arrays |= {"mean": np.zeros(6, np.float32), "std": np.ones(6, np.float32)}
    path, facts = tmp_path / "prior_face.safetensors", {"format": FORMAT, "of": FACE}
    save_file(arrays, path, facts)
    assert load_prior(PriorFiles(FACE, path), numpy_namespace()).width == 6
    save_file(arrays | ODD[case], path, facts)
    with pytest.raises(StudioError, match=r"prior_face\.safetensors"):
        load_prior(PriorFiles(FACE, path), numpy_namespace())


def test_a_normaliser_of_something_else_is_refused_in_a_sentence(tmp_path):
    state = {key: value.detach() for key, value in drawn(103).state_dict().items()}
    torch.save({"model_state_dict": state}, tmp_path / "last.ckpt")
    for name, count in (("jaw", 3), ("expression", 100)):
        write_normaliser(tmp_path, name, np.zeros(count), np.ones(count))
    odd = {"mean_poses": "none", "std_poses": torch.ones(3)}
    torch.save(odd, tmp_path / "jaw_normalizer" / "axis_normalize2.pt")
    with pytest.raises(StudioError, match="jaw_normalizer"):
        load_prior(PriorFiles(FACE, tmp_path / "last.ckpt", tmp_path), numpy_namespace())


@pytest.mark.parametrize("case", HOSTILE)
def test_a_file_that_is_no_prior_is_refused_in_a_sentence(case, tmp_path, capsys):
    path = tmp_path / "last.ckpt"
    HOSTILE[case](path)
    for name, count in (("jaw", 3), ("expression", 100)):
        write_normaliser(tmp_path, name, np.zeros(count), np.ones(count))
    with pytest.raises(StudioError, match=r"last\.ckpt"):
        load_prior(PriorFiles(FACE, path, tmp_path), numpy_namespace())
    assert "stolen" not in capsys.readouterr().out


def test_mlx_works_where_torch_cannot_be_imported(published):
    folder, _, _ = published
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from pathlib import Path\nimport numpy as np\n"
        "from studio.fitting.dposer.files import find_priors, load_prior\n"
        "from studio.fitting.dposer.network import namespace_of\n"
        f"files = find_priors([Path({str(folder)!r})])[0]\n"
        "prior = load_prior(files, namespace_of('mlx'))\n"
        "cost, slope = prior.pull(np.zeros((1, 103)), 0.2, np.random.default_rng(0))\n"
        "print(cost > 0, slope.shape)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=Path.cwd(), check=False
    )
    assert told.stdout.strip() == "True (1, 103)", told.stderr
