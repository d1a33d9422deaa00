"""Command lines of exports: the shell takes every word of them, as it was meant."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from studio.cli.arguments import common_flags, verb_parser
from studio.export.film_formats import FORMATS
from studio.export.options import FilmOptions, TurntableOptions
from studio.scripting.shell import film_line, turntable_line


def understood(line):
    """What the command line makes of ``line``."""
    words = shlex.split(line)[2:]
    common, rest = common_flags().parse_known_args(words)
    return verb_parser(rest[0]).parse_args(rest[1:], common)


@pytest.mark.parametrize("form", [entry.key for entry in FORMATS])
def test_films_in_every_format(form):
    told = understood(film_line(Path("my head.flame"), FilmOptions(format=form)))
    ending = next(entry.ending for entry in FORMATS if entry.key == form)
    assert (told.clip, told.output.name) == ("my head.flame", f"film{ending}")
    assert (told.size, told.samples, told.quality, told.fps) == ((1280, 720), 4, 92, None)
    assert (told.transparent, told.all_frames, told.no_sound) == (False, False, False)


def test_a_film_with_everything_chosen():
    options = FilmOptions((1080, 1920), 9, "webm", True, 23.976, True, False, 75)
    told = understood(film_line(Path("a.flame"), options))
    assert (told.size, told.samples, told.quality, told.fps) == ((1080, 1920), 9, 75, 23.976)
    assert told.transparent
    assert told.all_frames
    assert told.no_sound


def test_a_turntable_that_plays():
    told = understood(turntable_line(Path("a.flame"), TurntableOptions(6.5, 24.0, playing=True, quality=50)))
    assert (told.seconds, told.fps, told.playing, told.quality) == (6.5, 24.0, True, 50)
