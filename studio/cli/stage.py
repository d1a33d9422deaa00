"""What a command works with: the model, the backend, the clip, the camera."""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.backends import Backend, Surface, create_with_fallback
from studio.cli.arguments import PICTURE_SIZE
from studio.cli.looks import look_of
from studio.cli.opened_session import opened_session
from studio.cli.posing import PosedFrames, Posing, posed_clip, posing_of
from studio.controls.captured import on_model
from studio.document.camera import Camera
from studio.document.camera_keys import camera_path
from studio.document.document import Document
from studio.document.moment import Moment
from studio.document.occasion import Occasion
from studio.export.films import numbered
from studio.export.target import check_no_input, check_target
from studio.flame import HeadModel, Params, load_model
from studio.flame.model import Variant
from studio.flame.variants import make_variant
from studio.render.camera_file import read_cameras
from studio.render.extras import Extras
from studio.render.extras_maker import extras_of_frames
from studio.render.framing import frame_head
from studio.render.pinhole import PinholeCamera
from studio.render.shot import Shot
from studio.scripting.files import shot_of_document
from studio.sequence.clip import Clip
from studio.sequence.examples import TITLES, example_path
from studio.sequence.files import read_clip
from studio.sequence.frame_names import is_pattern
from studio.sequence.stream import ClipStream, FrameSource, open_clip
from studio.storage.errors import StudioError
from studio.storage.kind import sniff

NEUTRAL = "neutral"
FRAMED = 12  # frames of a clip that a still camera is framed on
DIRECTIONS = 24  # of a turn that its camera is framed on


@dataclass
class Stage:
    """Loaded when first asked for; ``notices`` are sentences for the user."""

    arguments: argparse.Namespace
    notices: list[str] = field(default_factory=list)
    _stream: ClipStream | None = None

    @cached_property
    def model(self) -> HeadModel:
        """The head model asked for, else the user's own, else the open head; with teeth or without parts.

        Of a session it is its own, unless another one is asked for.

        Raises:
            StudioError: it cannot be read, cannot have teeth, or lacks a region.

        """
        if self.session is not None:
            return self.session.model
        model = load_model(self.arguments.model)
        self.notices += model.notices
        variant = Variant(self.arguments.teeth, frozenset(self.arguments.without))
        return make_variant(model, variant)

    @cached_property
    def session(self) -> Document | None:
        """What the session that stands for a clip holds; None where there is none.

        Raises:
            StudioError: it cannot be read.

        """
        path = self._clip_path()
        if path is None or is_pattern(path) or sniff(path).container != "session":
            return None
        return opened_session(path, self.arguments, self.notices)

    @cached_property
    def backend(self) -> Backend:
        """The backend asked for; one on the CPU, with a notice, where it fails.

        Raises:
            StudioError: a backend or device was named that is not there.

        """
        arguments = self.arguments
        name, device = arguments.backend or "auto", arguments.device
        named = name != "auto" or device is not None
        backend, notice = create_with_fallback(name, self.model, device, arguments.threads, must_exist=named)
        self.notices += [notice] if notice else []
        return backend

    @cached_property
    def clip(self) -> Clip:
        """The clip named on the command line: a file, a folder, an example, or the neutral head."""
        path, model = self._clip_path(), self.model
        if self.session is not None:
            return self.session.take.baked()
        if path is None:
            clip = Clip.still(Params.neutral(model), model_name=model.name, model_digest=model.digest)
        else:
            clip, notices = read_clip(path, model, self.arguments.fill_gaps, on_model)
            self.notices += notices
        return clip if self.posing is None else posed_clip(clip, self.posing)

    @cached_property
    def posing(self) -> Posing | None:
        """What the flags do to the face of every frame; None: nothing.

        Raises:
            StudioError: there is no such pose or control, or the pose means nothing on the model.

        """
        posing = posing_of(self.arguments, self.model)
        self.notices += posing.notices if posing else []
        return posing

    @property
    def frames(self) -> FrameSource:
        """The clip: from its files while it is streamed, else whole in memory."""
        if self._stream is None:
            return self.clip
        return self._stream if self.posing is None else PosedFrames(self._stream, self.posing)

    @contextmanager
    def streaming(self) -> Iterator[None]:
        """Read the clip's frames from its files when they are asked for, so that it may be of any length."""
        path = self._clip_path()
        if path is None or self.session is not None:
            yield
            return
        with open_clip(path, self.model, fill=self.arguments.fill_gaps, adapt=on_model) as stream:
            self._stream = stream
            try:
                yield
            finally:
                self._stream = None
                self.notices += stream.notices

    def _clip_path(self) -> Path | None:
        """Where the clip is; None: it is the neutral head.

        Raises:
            StudioError: there is no such file, and it names no example.

        """
        name = self.arguments.clip
        path = named_path(name)
        if not (os.path.exists(path) or is_pattern(path)):
            if name == NEUTRAL:
                return None
            known = ", ".join(TITLES)
            raise StudioError(f"{name} does not exist; name a clip file, {NEUTRAL}, or one of {known}.")
        return path

    def check_output(self) -> None:
        """Make sure that what is written replaces nothing that is read.

        Raises:
            StudioError: the clip or the head model would be replaced by the output, or there is no such
                clip.

        """
        check_no_input(self.arguments.output, self._sources())

    def check_outputs(self) -> None:
        """As :meth:`check_output`, for a numbered file of each frame; replacing older ones is allowed.

        Raises:
            StudioError: the clip, the camera or a head model would be replaced by one of them.

        """
        output = self.arguments.output
        for index in range(len(self.frames)):
            path = output.with_name(numbered(output.name, index))
            if path.exists():
                check_target(path)
                check_no_input(path, self._sources())

    def _sources(self) -> list[Path]:
        """What is read."""
        camera = getattr(self.arguments, "camera", None)
        clip = self._clip_path()
        if clip is not None and is_pattern(clip):
            clip = clip.parent
        sources = (clip, self.arguments.model, camera)
        return [source for source in sources if source is not None]

    @property
    def chosen(self) -> float:
        """The frame asked for, else where the session's time cursor is, else the first."""
        if self.arguments.frame is not None:
            return float(self.arguments.frame)
        return self.session.position if self.session is not None else 0.0

    @property
    def played(self) -> tuple[int, int | None]:
        """The first and the last frame of a film; None: the clip's last."""
        return self.session.play_range if self.session is not None else (0, None)

    def surface(self, index: float) -> Surface:
        """The surface of frame ``index``, or between two.

        Raises:
            StudioError: the clip has no such frame.

        """
        return self.backend.forward(self.frames.at(self.checked(index)))

    def checked(self, index: float) -> float:
        """``index``, if the clip has such a frame.

        Raises:
            StudioError: it has not.

        """
        count = len(self.frames)
        if index > count - 1:
            frames = "one frame, 0" if count == 1 else f"frames 0 to {count - 1}"
            raise StudioError(f"There is no frame {index:g}: {self.arguments.clip} has {frames}.")
        return index

    def shot(self, surface: Surface, turning: bool = False, moving: bool = False) -> Shot:
        """``surface`` with the look and camera of the flags.

        Args:
            surface: what is shown.
            turning: frame the head from all around.
            moving: frame it wherever the clip moves it.

        """
        arguments = self.arguments
        if self.session is not None:
            options = arguments.size, arguments.samples, arguments.transparent
            return shot_of_document(self.session, self.backend, surface, *options)
        points = self._everywhere() if moving and len(self.frames) > 1 else surface.vertices
        return Shot(
            model=self.model,
            surface=surface,
            look=look_of(arguments, self.model),
            camera=_camera(arguments, _turned(points) if turning else points),
            size=arguments.size,
            samples=arguments.samples,
            transparent=arguments.transparent,
            occasion=self._occasion(),
        )

    @property
    def extras(self) -> Callable[[float, Params, Surface], Extras] | None:
        """What a session shows beside each frame of its take; None for a clip."""
        if self.session is None:
            return None
        return extras_of_frames(Moment.of(self.session), self.backend.forward)

    @property
    def camera_path(self) -> Callable[[float], Camera] | None:
        """Where the camera is at each frame of a session's take; None where it stays."""
        return None if self.session is None else camera_path(self.session)

    def _occasion(self) -> Occasion:
        """What a caption says of a single picture; films count on from their first frame."""
        frame = self.arguments.frame or 0
        name = Path(str(self.arguments.clip)).stem
        return Occasion(TITLES.get(name, name), frame, frame / self.frames.fps)

    def pinhole(self, every_frame: bool) -> PinholeCamera:
        """The calibrated camera of the flags, else one before the face that the head fills.

        Args:
            every_frame: the head fills the picture over the whole clip, not in the frame asked for.

        Raises:
            StudioError: the file cannot be used, holds no such view, or the size has other proportions.

        """
        arguments = self.arguments
        if arguments.camera is None:
            points = self._everywhere() if every_frame else self.surface(self.chosen).vertices
            return PinholeCamera.front(points, arguments.size or PICTURE_SIZE)
        cameras = read_cameras(arguments.camera, arguments.size)
        camera = self._chosen(cameras)
        if arguments.size is None or arguments.size == camera.size:
            return camera
        (width, height), (wide, high) = arguments.size, camera.size
        if abs(width * high - height * wide) > max(wide, high):
            raise StudioError(
                f"{width}x{height} has other proportions than the {wide}x{high} of {arguments.camera.name}; "
                "choose a size that is as wide for its height."
            )
        return camera.resized(width, height)

    def _chosen(self, cameras: Sequence[PinholeCamera]) -> PinholeCamera:
        """The camera that ``--view`` names, else the first, with a notice where there are more."""
        name, file = self.arguments.view, self.arguments.camera.name
        if name is None:
            if len(cameras) > 1:
                self.notices.append(
                    f"{file} holds {len(cameras)} cameras; the first was taken, as without --view."
                )
            return cameras[0]
        for camera in cameras:
            if camera.name == name:
                return camera
        if name.isdecimal() and int(name) < len(cameras):
            return cameras[int(name)]
        raise StudioError(
            f"{file} holds no camera {name}; name one of its {len(cameras)}, or a number from 0."
        )

    def _everywhere(self) -> NDArray[np.float32]:
        """Where the clip moves the head, as points (N, 3)."""
        indices = np.unique(np.linspace(0, len(self.frames) - 1, FRAMED).round().astype(int))
        return np.concatenate([self.surface(int(index)).vertices for index in indices])

    def about(self) -> dict[str, Any]:
        """What an answer says of the model and of how it was computed."""
        model = self.model
        about: dict[str, Any] = {
            "model": {"name": model.name, "version": model.version, "digest": model.digest},
            "licence": model.licence,
        }
        if "backend" in self.__dict__:
            about |= {"backend": self.backend.name, "device": self.backend.device}
        return {**about, "notices": self.notices}


def named_path(name: Path | str) -> Path:
    """The file or folder called ``name``, else the example clip of that name, else a path to nothing."""
    path = Path(name)
    # os.path tells False, and does not fail, of names that no file can have
    return path if os.path.exists(path) else example_path(str(name)) or path


def _camera(arguments: argparse.Namespace, points: NDArray[np.float32]) -> Camera:
    """The camera of the flags, aimed at ``points`` (N, 3); framed on them where no distance is given."""
    camera = Camera(
        azimuth=math.radians(arguments.azimuth),
        elevation=math.radians(arguments.elevation),
        field_of_view=math.radians(arguments.fov),
        orthographic=arguments.orthographic,
    )
    width, height = arguments.size
    framed = frame_head(points, camera, width / height)
    return framed if arguments.distance is None else framed.replace(distance=arguments.distance)


def _turned(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """``points`` swept around the upright axis through their middle, so that a turn stays in the picture."""
    middle = (points.min(axis=0) + points.max(axis=0)) / 2.0
    x, y, z = (points - middle).T
    turned = []
    for angle in np.arange(DIRECTIONS) * 2.0 * np.pi / DIRECTIONS:
        sine, cosine = np.sin(angle), np.cos(angle)
        turned.append(np.stack([cosine * x + sine * z, y, cosine * z - sine * x], axis=1))
    return (np.concatenate(turned) + middle).astype(np.float32)
