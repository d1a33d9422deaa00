"""Diffusion priors from files: DPoser-X's checkpoints as they are published, and the studio's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.fitting.dposer.network import Namespace, TimeNetwork, Weights, sizes_of, trained_names
from studio.fitting.dposer.prior import FACE, SHAPE, DiffusionPrior, Of
from studio.fitting.dposer.schedule import divisors
from studio.fitting.dposer.training import Trained
from studio.flame.model import HeadModel
from studio.storage.atomic import write_atomically
from studio.storage.errors import StudioError, UnfitFileError
from studio.storage.safetensors import read_safetensors
from studio.storage.torch_archive import read_torch

FORMAT = "FLAME Studio prior"
PUBLISHED_BASIS = "FLAME 2020"  # MICA's and DPoser-X's coefficients are of that release
ENDING = ".safetensors"

_PREFIX = "model."  # of the network among a Lightning module's tensors
_JAW = 3
_NORMALISER_FOLDERS = ("face_data", "normalizers", "data/face_data")
_NORMALISER = "axis_normalize2.pt"  # mean and deviation; 1 holds percentiles
_PUBLISHED: Mapping[Of, tuple[str, tuple[str, ...]]] = {
    FACE: ("face/BaseMLP/last.ckpt", ("jaw", "expression")),
    SHAPE: ("face_shape/BaseMLP/last.ckpt", ("betas",)),
}


@dataclass(frozen=True)
class PriorFiles:
    """Where a prior's files are: its checkpoint, and the folder of normalisers of a published one."""

    of: Of
    checkpoint: Path
    normalisers: Path | None = None


def find_priors(folders: Sequence[Path]) -> tuple[PriorFiles, ...]:
    """The priors in ``folders``, of each kind the first: one's own, or published as DPoser-X has them."""
    found: dict[Of, PriorFiles] = {}
    for folder in folders:
        for of in (FACE, SHAPE):
            path = folder / f"prior_{of}{ENDING}"
            known = PriorFiles(of, path) if path.is_file() else _published_in(folder, of)
            if known is not None:
                found.setdefault(of, known)
    return tuple(found.values())


def _published_in(folder: Path, of: Of) -> PriorFiles | None:
    """Checkpoint and normalisers in ``folder`` or its folder ``dposer``; None without both."""
    checkpoint, parts = _PUBLISHED[of]
    for base in (folder, folder / "dposer"):
        for place in (base, *(base / name for name in _NORMALISER_FOLDERS)):
            if (base / checkpoint).is_file() and (place / f"{parts[0]}_normalizer").is_dir():
                return PriorFiles(of, base / checkpoint, place)
    return None


def load_prior(files: PriorFiles, library: Namespace) -> DiffusionPrior:
    """The prior of ``files``, its network in ``library``.

    Raises:
        StudioError: a file is missing or damaged, asks for what no prior needs, or holds another network.

    """
    if files.checkpoint.suffix == ENDING:
        return _own(files.checkpoint, library)
    weights, name = published_weights(files.checkpoint), files.checkpoint.name
    width, _, _ = sizes_of(weights, name)
    if files.normalisers is None:
        raise StudioError(
            f"{name} needs its normalisers; name the folder that has {_folder_names(files.of)}."
        )
    parts = [_normaliser(files.normalisers / f"{part}_normalizer") for part in _PUBLISHED[files.of][1]]
    mean, std = (np.concatenate(rows) for rows in zip(*parts, strict=True))
    if len(mean) != width:
        raise UnfitFileError(
            f"{name} is for {width} numbers and its normalisers are for {len(mean)}; "
            "choose those that were published with it."
        )
    return DiffusionPrior(files.of, TimeNetwork.of(weights, library, name), mean, std, PUBLISHED_BASIS, name)


def save_prior(path: Path, trained: Trained, of: Of, model: HeadModel) -> None:
    """Write a prior of one's own, trained on coefficients of ``model``.

    Raises:
        StudioError: it cannot be written.

    """
    arrays = {
        **trained.weights,
        "mean": trained.mean.astype(np.float32),
        "std": trained.std.astype(np.float32),
    }
    facts = {"format": FORMAT, "of": of, "basis": model.original.digest, "model": model.name}
    from safetensors.numpy import save

    write_atomically(path, lambda file: file.write(save(arrays, facts)))


def published_weights(path: Path) -> dict[str, NDArray[np.float32]]:
    """The tensors of a checkpoint: those averaged over training, where it has them.

    Lightning's layout keeps the averages as a row of 34 tensors in the order of registration; the other
    accepted one is ``{model_state_dict, ema, step}``.

    Raises:
        StudioError: it is missing, damaged, or holds no such network.

    """
    held = read_torch(path)
    if not isinstance(held, Mapping):
        raise _no_checkpoint(path)
    state = held.get("state_dict", held.get("model_state_dict"))
    if not isinstance(state, Mapping):
        raise _no_checkpoint(path)
    weights = {_short(key): np.asarray(value) for key, value in state.items() if isinstance(key, str)}
    averaged = held.get("model_ema", held.get("ema"))
    if isinstance(averaged, Mapping) and "shadow_params" in averaged:
        weights |= _averaged(averaged["shadow_params"], path)
    wanted = (*trained_names(), "sigmas")
    chosen = {name: weights[name] for name in wanted if name in weights}
    chosen.setdefault("sigmas", np.array(divisors(), np.float32))
    _check_numbers(chosen, path)
    return {name: value.astype(np.float32) for name, value in chosen.items()}


def unfit_for(prior: DiffusionPrior, model: HeadModel) -> str:
    """Why ``prior`` does not know the coefficients of ``model``, in one sentence; empty where it does.

    Bases differ between releases of a model, and coefficients do not carry over.
    """
    own = model.original
    if prior.basis == own.digest or (prior.basis == PUBLISHED_BASIS and _is_release_2020(own)):
        count = own.expression_count + _JAW if prior.of == FACE else own.shape_count
        if prior.width <= count:
            return ""
        return f"The prior {prior.name} is for {prior.width} numbers, and {model.name} has {count} of them."
    there = PUBLISHED_BASIS if prior.basis == PUBLISHED_BASIS else "another model"
    return (
        f"The prior {prior.name} was trained on {there}, whose {_noun(prior.of)} coefficients mean something "
        f"else than those of {model.name}; use that model, or train a prior on this one."
    )


def _own(path: Path, library: Namespace) -> DiffusionPrior:
    held = read_safetensors(path)
    arrays, facts = held.arrays, held.metadata
    of: Of = SHAPE if facts.get("of") == SHAPE else FACE
    if facts.get("format") != FORMAT or not {"mean", "std"} <= arrays.keys():
        raise UnfitFileError(
            f"{path.name} holds no prior of the studio; choose one that `train prior` wrote."
        )
    _check_numbers(arrays, path)
    weights: Weights = {name: value for name, value in arrays.items() if name not in ("mean", "std")}
    network = TimeNetwork.of(weights, library, path.name)
    mean, std = arrays["mean"].astype(np.float64), arrays["std"].astype(np.float64)
    if mean.shape != (network.width,) or std.shape != mean.shape or not (std > 0.0).all():
        raise UnfitFileError(f"{path.name} has a normaliser that does not fit its network; train it again.")
    return DiffusionPrior(of, network, mean, std, facts.get("basis", ""), path.name)


def _normaliser(folder: Path) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    path = folder / _NORMALISER
    held = read_torch(path)
    if not isinstance(held, Mapping) or not {"mean_poses", "std_poses"} <= held.keys():
        raise UnfitFileError(f"{folder.name}/{path.name} holds no mean and deviation; get it again.")
    try:
        mean, std = (np.asarray(held[name], np.float64).ravel() for name in ("mean_poses", "std_poses"))
    except (TypeError, ValueError, OverflowError):
        raise UnfitFileError(f"{folder.name}/{path.name} holds no numbers; get it again.") from None
    if mean.shape != std.shape or not (np.isfinite(mean) & np.isfinite(std) & (std > 0.0)).all():
        raise UnfitFileError(f"{folder.name}/{path.name} holds deviations that are none; get it again.")
    return mean, std


def _averaged(rows: Any, path: Path) -> dict[str, NDArray]:
    names = trained_names()
    if not isinstance(rows, Sequence) or len(rows) != len(names):
        raise UnfitFileError(
            f"{path.name} has not the {len(names)} averaged tensors of a DPoser network; "
            "choose a checkpoint of DPoser-X's face."
        )
    return {name: np.asarray(row) for name, row in zip(names, rows, strict=True)}


def _short(key: str) -> str:
    return key.removeprefix(_PREFIX).removeprefix("module.")


def _check_numbers(arrays: Mapping[str, NDArray], path: Path) -> None:
    """Refuse numbers that are none, and divisors by which nothing can be divided."""
    bad = next((name for name, value in arrays.items() if not _is_finite(value)), None)
    if bad is None and "sigmas" in arrays and not (arrays["sigmas"] > 0.0).all():
        bad = "sigmas"
    if bad is not None:
        raise StudioError(f"{path.name} holds numbers in {bad} that are none; get the file again.")


def _is_finite(value: NDArray) -> bool:
    return value.dtype.kind == "f" and bool(np.isfinite(value).all())


def _is_release_2020(model: HeadModel) -> bool:
    return "2020" in model.version or "2020" in model.name


def _no_checkpoint(path: Path) -> UnfitFileError:
    return UnfitFileError(
        f"{path.name} holds no checkpoint of DPoser; choose DPoser-X's last.ckpt of the face."
    )


def _folder_names(of: Of) -> str:
    return " and ".join(f"{name}_normalizer" for name in _PUBLISHED[of][1])


def _noun(of: Of) -> str:
    return "expression" if of == FACE else "shape"
