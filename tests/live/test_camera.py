"""Cameras: a landmarker of MediaPipe's shape over real films, and what is told where something is missing."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import closing
from types import SimpleNamespace

import imageio.v2 as imageio
import imageio_ffmpeg
import numpy as np
import pytest

from studio.controls.arkit import UNITS
from studio.flame.rotations import to_matrices
from studio.live.camera import Camera, Webcam
from studio.live.film import Film
from studio.live.landmarker import MediaPipe, Seen, find_task, open_landmarker
from studio.storage.errors import StudioError

JAW = UNITS.index("jawOpen")
RATE = 25


class Module:
    """The parts of the package mediapipe that the studio uses."""

    ImageFormat = SimpleNamespace(SRGB=1)

    @staticmethod
    def Image(image_format, data):
        assert image_format == 1
        assert data.dtype == np.uint8
        assert data.flags.c_contiguous
        return SimpleNamespace(numpy_view=lambda: data)


class FaceLandmarker:
    """Finds a face in every picture that is not black: its jaw is as open as the picture is bright."""

    def __init__(self):
        self.times, self.closed = [], False

    def detect_for_video(self, image, milliseconds):
        assert not self.times or milliseconds > self.times[-1], "MediaPipe raises here"
        self.times.append(milliseconds)
        bright = float(image.numpy_view().mean()) / 255.0
        if bright < 0.05:
            return SimpleNamespace(face_landmarks=[], face_blendshapes=[], facial_transformation_matrixes=[])
        shapes = [
            SimpleNamespace(category_name="_neutral", score=0.9),
            SimpleNamespace(category_name="jawOpen", score=bright),
        ]
        matrix = np.eye(4)
        matrix[:3, :3] = 1.05 * to_matrices((0.1, 0.4, -0.2))
        matrix[:3, 3] = (1.0, 2.0, -40.0)
        return SimpleNamespace(
            face_landmarks=[[]], face_blendshapes=[shapes], facial_transformation_matrixes=[matrix]
        )

    def close(self):
        self.closed = True


@pytest.fixture
def film(tmp_path):
    """Ten pictures that grow brighter, from black."""
    path = tmp_path / "face.mp4"
    with imageio.get_writer(path, fps=RATE, macro_block_size=2) as writer:
        for number in range(10):
            writer.append_data(np.full((64, 48, 3), 24 * number, np.uint8))
    return path


def seen(source, frames_until, seconds=20.0):
    source.start()
    deadline = time.monotonic() + seconds
    while not frames_until():
        assert time.monotonic() < deadline, source.traffic
        time.sleep(0.01)
    source.stop()


def test_a_film_becomes_frames_with_its_own_times(film):
    frames, made = [], FaceLandmarker()
    camera = Camera(frames.append, lambda: Film(film), lambda: MediaPipe(Module, made))
    seen(camera, lambda: camera.traffic.ended)
    assert (camera.traffic.taken, camera.traffic.faceless) == (9, 1)
    times = np.array([frame.time for frame in frames])
    np.testing.assert_allclose(np.diff(times), 1.0 / RATE, atol=1e-9)
    jaws = [frame.units[JAW] for frame in frames]
    np.testing.assert_allclose(jaws, 24.0 * np.arange(1, 10) / 255.0, atol=0.02)
    assert made.closed


def test_the_turn_of_the_head_is_that_of_the_matrix_whatever_its_scale():
    picture = np.full((8, 8, 3), 128, np.uint8)
    found = MediaPipe(Module, FaceLandmarker()).detect(picture, 0)
    np.testing.assert_allclose(found.head, (0.1, 0.4, -0.2), atol=1e-9)
    assert found.units[UNITS.index("tongueOut")] == 0.0
    assert found.units.sum() == pytest.approx(found.units[JAW])


def test_stopping_ends_a_film_at_once(film):
    frames = []
    camera = Camera(frames.append, lambda: Film(film), lambda: MediaPipe(Module, FaceLandmarker()))
    seen(camera, lambda: frames)
    count = len(frames)
    time.sleep(0.2)
    assert len(frames) == count
    assert not camera.traffic.ended


def test_a_landmarker_that_fails_is_told_and_ends_the_source(film):
    class Failing:
        def detect(self, picture, milliseconds):
            raise RuntimeError("graph is broken")

        def close(self):
            pass

    camera = Camera(lambda _: None, lambda: Film(film), Failing)
    seen(camera, lambda: camera.traffic.problem)
    assert "graph is broken" in camera.traffic.problem


def test_values_that_are_not_finite_are_no_face():
    class Broken(FaceLandmarker):
        def detect_for_video(self, image, milliseconds):
            result = super().detect_for_video(image, milliseconds)
            result.facial_transformation_matrixes[0][0, 0] = np.nan
            return result

    assert MediaPipe(Module, Broken()).detect(np.full((8, 8, 3), 128, np.uint8), 0) is None


def test_a_missing_file_says_where_it_is_to_be_had_and_where_it_goes(tmp_path):
    with pytest.raises(StudioError, match=r"face_landmarker\.task in .*https://ai\.google\.dev") as told:
        find_task([tmp_path, tmp_path / "other"])
    assert str(tmp_path) in str(told.value)


def test_the_file_is_found_in_the_first_folder_that_has_one(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
        (folder / "face_landmarker_v2.task").write_bytes(b"")
    assert find_task([tmp_path, first, second]) == first / "face_landmarker_v2.task"


def test_a_missing_package_says_what_installs_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "mediapipe", None)
    with pytest.raises(StudioError, match=r"needs the package mediapipe; install it by pip install"):
        open_landmarker(tmp_path / "face_landmarker.task")


def test_a_film_that_is_none_is_told_in_a_sentence(tmp_path):
    path = tmp_path / "notes.mp4"
    path.write_bytes(b"not a film" * 100)
    with pytest.raises(StudioError, match=r"notes\.mp4 cannot be read as a film"):
        Film(path)
    with pytest.raises(StudioError, match=r"gone\.mp4 is not there"):
        Film(tmp_path / "gone.mp4")


def test_a_film_that_is_cut_short_gives_what_there_is(film):
    data = film.read_bytes()
    film.write_bytes(data[: len(data) // 2])
    frames = []
    camera = Camera(frames.append, lambda: Film(film), lambda: MediaPipe(Module, FaceLandmarker()))
    seen(camera, lambda: camera.traffic.ended or camera.traffic.problem)


class Capture:
    """OpenCV's, of one webcam that gives three pictures and is pulled out."""

    def __init__(self, number):
        self.left, self.is_there, self.released = 3, number == 0, False

    def isOpened(self):
        return self.is_there

    def read(self):
        self.left -= 1
        return self.left >= 0, np.full((4, 6, 3), (255, 128, 0), np.uint8)  # blue, green, red

    def release(self):
        self.released = True


@pytest.fixture
def opencv(monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", SimpleNamespace(VideoCapture=Capture))


def test_a_webcam_gives_red_first_until_it_is_gone(opencv):
    webcam, seen = Webcam(0), []
    with pytest.raises(StudioError, match="Webcam 1 sends no more pictures; connect it again"):
        seen.extend(webcam)
    assert [picture[0, 0].tolist() for picture in seen] == [[0, 128, 255]] * 3
    webcam.close()
    assert webcam._capture.released


def test_a_webcam_that_is_not_there_is_told_in_a_sentence(opencv):
    with pytest.raises(StudioError, match=r"Webcam 98 cannot be used; connect one"):
        Webcam(97)


def test_a_webcam_without_the_package_says_what_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(StudioError, match="needs the package mediapipe; install it by"):
        Webcam(0)


def test_large_films_are_made_smaller(tmp_path):
    path = tmp_path / "large.mp4"
    with imageio.get_writer(path, fps=RATE, macro_block_size=2) as writer:
        for _ in range(2):
            writer.append_data(np.full((200, 1280, 3), 90, np.uint8))
    film = Film(path)
    assert [picture.shape for picture in film] == [(150, 960, 3)] * 2
    assert film.rate == RATE
    film.close()


def test_a_playlist_in_a_films_name_reaches_for_nothing(tmp_path):
    """What looks like a film may not make the decoder open addresses of a network."""
    path = tmp_path / "list.mp4"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n")
    with pytest.raises(StudioError, match=r"list\.mp4 cannot be read"):
        Film(path)


def test_a_landmarker_needs_no_more_than_what_is_seen():
    """The door is narrow: units and head."""
    assert Seen._fields == ("units", "head")


@pytest.mark.parametrize(("codec", "form"), [("prores_ks", "yuv422p10le"), ("libx264", "gray")])
def test_films_of_any_depth_are_seen(tmp_path, codec, form):
    path = tmp_path / "deep.mov"
    _filmed(path, "testsrc=size=64x48:rate=25:duration=0.4", "-c:v", codec, "-pix_fmt", form)
    with closing(Film(path)) as film:
        pictures = list(film)
    assert (film.rate, len(pictures)) == (25.0, 10)
    assert all(picture.shape == (48, 64, 3) for picture in pictures)


def test_a_film_of_uneven_times_keeps_its_length(tmp_path):
    path = tmp_path / "uneven.mkv"
    sparse = "select='if(lt(t,2),1,not(mod(n,3)))'"  # 30 pictures a second, then 10
    _filmed(path, "testsrc=size=64x48:rate=30:duration=4", "-vf", sparse, "-fps_mode", "vfr")
    with closing(Film(path)) as film:
        count = len(list(film))
    assert count / film.rate == pytest.approx(4.0, abs=0.15)


def _filmed(path, source, *arguments):
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-f", "lavfi", "-i", source]
    subprocess.run([*command, *arguments, str(path)], check=True)
