"""The job that saves a take as a GLB and says how far it is from the head."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from studio.backends.base import Backend
from studio.controls.unit_space import UnitSpace
from studio.document.control_state import ControlState, solve_controls
from studio.document.look import Look
from studio.export.gltf.container import Binary
from studio.export.gltf.joints import joint_motion
from studio.export.gltf.material import add_material, picture_of, vertex_colours
from studio.export.gltf.mesh import add_mesh
from studio.export.gltf.motion import gather
from studio.export.gltf.options import GltfOptions
from studio.export.gltf.playing import Difference, measure, play
from studio.export.gltf.scene import Naming, scene_of
from studio.export.gltf.skin import JOINTS_A_SET, influences
from studio.export.gltf.targets import morphs_of
from studio.export.target import check_format, check_target
from studio.export.watched import watched
from studio.jobs.job import Cancelled, Progress, Report, check
from studio.sequence.stream import FrameSource
from studio.storage.atomic import write_atomically

GLTF = (".glb",)
EXACT = 1e-5  # metres: what is nearer than this is as good as the same


@dataclass(frozen=True)
class GltfResult:
    """A GLB that was written."""

    path: Path
    size: int  # bytes
    frames: int
    targets: tuple[str, ...]  # names, in the order of the file
    difference: Difference
    notices: tuple[str, ...]  # sentences on what the file cannot show


@dataclass(frozen=True, eq=False)
class GltfJob:
    """Save ``frames`` as a GLB: a mesh with morph targets on a skin of the five joints, animated.

    The file's surface is played back in the job and compared with the backend's, frame by frame.
    """

    backend: Backend
    frames: FrameSource
    path: Path
    take: str = "take"
    look: Look = field(default_factory=Look)
    options: GltfOptions = field(default_factory=GltfOptions)
    controls: ControlState = field(default_factory=ControlState)  # whose mapping the units have
    name: str = "GLB"

    def run(self, progress: Report, cancelled: Cancelled) -> GltfResult:
        """What was written.

        Raises:
            JobCancelled: it was asked to stop; nothing is written.
            StudioError: the name does not end in .glb, a texture or a frame cannot be read, there are too
                many vertex offsets, or it cannot be written.

        """
        check_format(self.path, GLTF, "a GLB")
        check_target(self.path)
        model, options = self.backend.model, self.options
        motion = gather(model, self.frames, options.offsets == "targets", progress, cancelled)
        morphs = morphs_of(model, motion, options, self._space(progress, cancelled), progress, cancelled)
        joints = joint_motion(motion, model.parents)
        played = play(morphs, joints, model.lbs_weights, model.parents)
        difference = measure(self.backend, self.frames, played, progress, cancelled)
        binary = Binary()
        picture = picture_of(model, self.look) if options.texture else None
        colours = vertex_colours(model, self.look) if picture is None else None
        mesh = add_mesh(binary, model, morphs, colours, options.target_normals, progress, cancelled)
        surface = add_material(binary, model, self.look, picture)
        document = scene_of(binary, model, mesh, surface, joints, morphs, Naming(self.take, motion.fps))
        check(cancelled)
        progress(Progress(0, 1, "Writing the file"))
        check_target(self.path, binary.length)
        sizes: list[int] = []
        write_atomically(self.path, lambda stream: sizes.append(binary.write(stream, document)))
        progress(Progress(1, 1, "GLB saved"))
        notices = _notices(morphs.left_out, difference, len(influences(model.lbs_weights)))
        names = tuple(target.name for target in morphs.targets)
        return GltfResult(self.path, sizes[0], len(motion), names, difference, notices)

    def _space(self, progress: Report, cancelled: Cancelled) -> UnitSpace | None:
        """The units, where they are asked for; on a head without names they are solved first, in seconds."""
        if self.options.targets != "units":
            return None
        progress(Progress(0, 0, "Solving the units of the face"))
        return watched(lambda: solve_controls(self.backend.model, self.controls).space, cancelled)


def _notices(left_out: tuple[str, ...], difference: Difference, sets: int) -> tuple[str, ...]:
    notices = list(left_out)
    if difference.largest > EXACT:
        notices.append(
            f"The file's surface is off by up to {1e3 * difference.largest:.2f} mm (in its frame "
            f"{difference.frame}), by {1e3 * difference.mean:.3f} mm on average."
        )
    if sets > 1:
        notices.append(
            f"Some vertices hang on more than {JOINTS_A_SET} joints and use a second set of weights, which a "
            "few programs do not read."
        )
    return tuple(notices)
