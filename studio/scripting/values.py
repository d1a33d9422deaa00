"""The document's fields as plain values that stand in a script, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, TypeVar, get_args, get_type_hints

from studio.document.document import FIELDS, Document, Playback
from studio.document.locks import Locks
from studio.document.media import Media
from studio.flame.model import HeadModel, Variant
from studio.flame.variants import make_variant
from studio.scripting.naming import model_called, model_name, one_of
from studio.scripting.packing import finite, hear_takes, tell_takes
from studio.session.control_file import CONTROLS, controls_from, told_of_controls
from studio.session.pin_file import PINS, pins_from, told_of_pins
from studio.session.plain import from_plain, path_of, to_plain
from studio.storage.errors import StudioError

T = TypeVar("T")


def tell(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of ``new`` as plain values, where a document holds ``old`` (all its fields).

    Raises:
        StudioError: a field cannot be told: a model that came from no file.

    """
    model = new.get("model", old["model"])
    told: dict[str, Any] = {}
    for name, value in new.items():
        if name == "takes":
            told[name] = tell_takes(value, old["takes"], model)
        elif name == "model":
            told[name] = _tell_model(value)
        elif name == "locks":
            told[name] = [list(lock) for lock in sorted(value)]
        elif name in _CODECS:
            told[name] = _CODECS[name].tell(value)
        elif is_dataclass(value):
            told[name] = difference(to_plain(old[name]), to_plain(value))
        else:
            told[name] = to_plain(value)
    return told


def hear(
    document: Document, told: Mapping[str, Any], find: Callable[[str], HeadModel] = model_called
) -> dict[str, Any]:
    """The values of the fields that :func:`tell` told, for ``document``; ``find`` gives models by name.

    Raises:
        StudioError: there is no such field, or it cannot have such a value.

    """
    heard: dict[str, Any] = {}
    if "model" in told:
        heard["model"] = _hear_model(told["model"], find)
    model = heard.get("model", document.model)
    for name, given in told.items():
        one_of(name, FIELDS, "field of the document")
        here = getattr(document, name)
        if name == "takes":
            heard[name] = hear_takes(given, document.takes, model)
        elif name == "locks":
            heard[name] = _locks(given)
        elif name in _CODECS:
            heard[name] = _heard(name, given, model)
        elif is_dataclass(here) and name != "model":
            heard[name] = changed(here, given, name)
        elif name == "position":
            heard[name] = finite(given)
        elif name != "model":
            heard[name] = given
    takes, active = heard.get("takes", document.takes), heard.get("active", document.active)
    if type(active) is not int or not 0 <= active < len(takes):
        raise StudioError(f"There are takes 0 to {len(takes) - 1}, not {active!r}.")
    return heard


def _locks(given: Any) -> Locks:
    """Locks as pairs of a field and a place.

    Raises:
        StudioError: they are something else.

    """
    try:
        return frozenset((str(field), int(index)) for field, index in given)
    except (TypeError, ValueError):
        raise StudioError("locks takes pairs of a field and a place from 0.") from None


def changed(value: T, changes: Mapping[str, Any], name: str) -> T:
    """Settings with ``changes``; of settings within them, what they say changes too.

    Raises:
        StudioError: there is no such setting, or it cannot have such a value.

    """
    if not isinstance(changes, Mapping):
        raise StudioError(f"{name} takes its settings by name, as {{'{fields(value)[0].name}': …}}.")
    plain = _plain(value, changes, name)
    faults: list[str] = []
    made = from_plain(value, plain, name, faults, _media_given)
    if faults:
        raise _unfit(value, plain, faults[0])
    if isinstance(made, Playback) and made.is_empty:
        raise StudioError(
            f"Frames {made.first} to {made.last} cannot be played; the last must not be before the first."
        )
    return made


def _media_given(given: object) -> Media | None:
    """A picture or sound that was given as itself, or within a whole setting by its path."""
    return given if isinstance(given, Media) else path_of(given)


def _unfit(value: Any, plain: Any, fault: str) -> StudioError:
    """What is wrong with the setting ``fault`` of ``value`` in ``plain``."""
    choices: tuple[Any, ...] = ()
    for part in fault.split(".")[1:]:
        choices = get_args(get_type_hints(type(value)).get(part))
        value, plain = getattr(value, part), plain.get(part)
    known = [choice for choice in choices if isinstance(choice, str)]
    told = f"it can be {', '.join(known)}" if known else f"it is {value!r} now"
    return StudioError(f"{fault} cannot be {plain!r}; {told}.")


def _plain(value: Any, changes: Mapping[str, Any], name: str) -> dict[str, Any]:
    """``changes`` of the settings ``value`` as JSON would have them, their names looked at."""
    plain: dict[str, Any] = {}
    for key, given in changes.items():
        one_of(key, (entry.name for entry in fields(value)), f"setting of {name}")
        here = getattr(value, key)
        if isinstance(given, Media):
            plain[key] = given
        elif isinstance(here, Media):
            plain[key] = _media(given)
        elif is_dataclass(given):
            plain[key] = to_plain(given)
        elif is_dataclass(here) and isinstance(given, Mapping):
            plain[key] = _plain(here, given, f"{name}.{key}")
        else:
            plain[key] = _listed(given)
    return plain


def _media(given: Any) -> Media | None:
    """A picture or sound by its path, by what :func:`tell` says of it, or none."""
    path = given.get("path") if isinstance(given, Mapping) else given
    return Media("" if path is None else str(path))


def _listed(given: Any) -> Any:
    """``given`` with tuples and arrays as lists."""
    if hasattr(given, "tolist"):
        return given.tolist()
    return [_listed(entry) for entry in given] if isinstance(given, tuple | list) else given


def difference(old: Any, new: Any) -> Any:
    """What of ``new`` differs from ``old``, at every depth of objects."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return new
    return {key: difference(old.get(key), value) for key, value in new.items() if old.get(key) != value}


def _tell_model(model: HeadModel) -> dict[str, Any]:
    name = model_name(model)
    if not name:
        raise StudioError(f"{model.name} came from no file, so that no script can name it.")
    variant = model.variant
    told: dict[str, Any] = {"file": name}
    if variant.teeth:
        told["teeth"] = True
    if variant.without:
        told["without"] = sorted(variant.without)
    return told


def _hear_model(told: Mapping[str, Any], find: Callable[[str], HeadModel]) -> HeadModel:
    model = find(str(told["file"]))
    return make_variant(model, Variant(bool(told.get("teeth")), frozenset(told.get("without", ()))))


@dataclass(frozen=True)
class _Codec:
    """How a field that is no dataclass of plain values stands in JSON."""

    tell: Callable[[Any], Any]
    hear: Callable[[Any, HeadModel, list[str]], Any]


_CODECS: Mapping[str, _Codec] = {
    CONTROLS: _Codec(
        told_of_controls, lambda given, model, faults: controls_from(given, model.expression_count, faults)
    ),
    PINS: _Codec(told_of_pins, lambda given, _model, faults: pins_from(given, faults)),
}


def _heard(name: str, given: Any, model: HeadModel) -> Any:
    faults: list[str] = []
    value = _CODECS[name].hear(given, model, faults)
    if faults:
        raise StudioError(f"{faults[0]} cannot be used on {model.name}; copy the whole script again.")
    return value
