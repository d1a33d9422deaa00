"""The frames used last, and those that will be wanted next, read on a thread."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Frame = TypeVar("Frame")  # what one frame is: parameters, or the vertices of a surface

FRAMES_KEPT = 256
AHEAD = 64  # frames read before they are wanted
AT_ONCE = 16  # frames read in one go
NEAR = 8  # frames from one access to the next within which it goes steadily one way


class FrameCache(Generic[Frame]):
    """Frames that ``read`` gives, the last ``size`` of them kept.

    While accesses go one way (:meth:`aim`), a thread reads ahead; it ends when it has nothing to do. What
    fails there is read again, and fails, when it is asked for. All methods may be called from any thread.
    """

    def __init__(self, read: Callable[[range], Sequence[Frame]], count: int, size: int = FRAMES_KEPT) -> None:
        self._read = read
        self._count = count
        self._size = size
        self._frames: OrderedDict[int, Frame] = OrderedDict()
        self._changed = threading.Condition()
        self._last = 0
        self._wanted = range(0)  # in the order in which they will be asked for
        self._reading = range(0)
        self._thread: threading.Thread | None = None
        self._closed = False

    def __len__(self) -> int:
        """T."""
        return self._count

    @property
    def size(self) -> int:
        """How many frames are kept; 0 keeps none and reads none ahead."""
        return self._size

    @size.setter
    def size(self, size: int) -> None:
        if size < 0:
            raise ValueError(f"{size} frames cannot be kept; choose 0 or more.")
        with self._changed:
            self._size = size
            self._wanted = range(0)
            self._drop()

    def frame(self, index: int) -> Frame:
        """Frame ``index``, kept or read.

        Raises:
            IndexError: there is no such frame.
            StudioError: it cannot be read.
            ValueError: the cache is closed.

        """
        if not 0 <= index < self._count:
            raise IndexError(f"There is no frame {index}: there are frames 0 to {self._count - 1}.")
        with self._changed:
            self._changed.wait_for(lambda: index in self._frames or index not in self._reading)
            if self._closed:
                raise ValueError("The clip is closed.")
            kept = self._frames.get(index)
            if kept is not None:
                self._frames.move_to_end(index)
                return kept
        (frame,) = self._read(range(index, index + 1))
        with self._changed:
            self._keep(index, frame)
        return frame

    def aim(self, index: int) -> None:
        """Say that ``index`` is asked for, from which the way of access follows."""
        with self._changed:
            step, self._last = index - self._last, index
            if abs(step) > NEAR or self._closed:
                self._wanted = range(0)
            elif step:
                self._look_ahead(index, 1 if step > 0 else -1)

    def close(self) -> None:
        """Stop reading ahead, wait for the thread, and forget all frames."""
        with self._changed:
            self._closed = True
            self._wanted = range(0)
            thread = self._thread
        if thread is not None:
            thread.join()
        self._frames.clear()

    def _look_ahead(self, index: int, way: int) -> None:
        """Want the frames after ``index``, unless half of them are there already."""
        ahead = min(AHEAD, self._size // 2)
        end = index + way * (ahead + 1)
        wanted = range(index + way, min(max(end, -1), self._count), way)
        middle = wanted[: len(wanted) // 2 + 1]
        if not wanted or all(frame in self._frames or frame in self._reading for frame in middle):
            return
        self._wanted = wanted
        if self._thread is None:
            self._thread = threading.Thread(target=self._read_ahead, name="frames ahead", daemon=True)
            self._thread.start()

    def _read_ahead(self) -> None:
        while self._take_block():
            try:
                frames = self._read(self._reading)
            except Exception:  # noqa: BLE001 - who asks for one of these frames meets it again
                frames = ()
            with self._changed:
                if not frames:
                    self._wanted = range(0)
                for index, frame in zip(self._reading, frames, strict=False):
                    self._keep(index, frame)
                self._reading = range(0)
                self._changed.notify_all()

    def _take_block(self) -> bool:
        """Choose the next frames to read; False, and no thread any more, if there are none."""
        with self._changed:
            missing = [index for index in self._wanted if index not in self._frames]
            block = [
                index for place, index in enumerate(missing[:AT_ONCE]) if abs(index - missing[0]) == place
            ]
            if not block:
                self._thread = None
                return False
            self._reading = range(min(block), max(block) + 1)
            return True

    def _keep(self, index: int, frame: Frame) -> None:
        if not self._closed:
            self._frames[index] = frame
            self._frames.move_to_end(index)
            self._drop()

    def _drop(self) -> None:
        while len(self._frames) > self._size:
            self._frames.popitem(last=False)
