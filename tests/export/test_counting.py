"""Frames of a film are counted by ffmpeg, which follows no address that the film names."""

from __future__ import annotations

import socket
from pathlib import Path

import imageio.v3 as iio
import numpy as np

from studio.export.ffmpeg import counted


def test_frames_and_seconds_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    iio.imwrite(path, np.zeros((12, 32, 32, 3), np.uint8), fps=24, codec="libx264", plugin="FFMPEG")
    frames, seconds = counted(path)
    assert frames == 12
    assert abs(seconds - 0.5) < 0.05


def test_what_is_no_film_has_no_frames(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"no film" * 100)
    assert counted(path) == (0, 0.0)


def test_a_film_that_names_an_address_calls_nobody(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        path = tmp_path / "film.m3u8"
        path.write_text(
            "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n"
            f"http://127.0.0.1:{server.getsockname()[1]}/a.ts\n#EXT-X-ENDLIST\n"
        )
        assert counted(path) == (0, 0.0)
        try:
            server.accept()
        except TimeoutError:
            return
        raise AssertionError("the address was called")
