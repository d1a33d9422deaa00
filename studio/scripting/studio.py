"""What a user does in the window, as functions: each change is a step with a name that undoes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.controls.face_parts import PARTS
from studio.controls.preset_folders import preset_called
from studio.controls.titles import sentence
from studio.document import commands, control_state, faces
from studio.document.camera import Camera
from studio.document.carry import carried_over
from studio.document.commands import RESETS
from studio.document.control_state import units_between
from studio.document.document import UNASKED, Document
from studio.document.posing import begin, show
from studio.flame.model import HeadModel, Variant
from studio.flame.params import VECTORS, Params
from studio.scripting import files, opened, operating, photo_fitting, values
from studio.scripting.keys import set_keys
from studio.scripting.layering import Layering, set_key
from studio.scripting.naming import Which, index_of, model_called, model_name, one_of, title_of
from studio.scripting.packing import finite, hear_values
from studio.scripting.steps import Steps
from studio.session.state import Kept, State
from studio.storage.errors import StudioError

if TYPE_CHECKING:
    from studio.backends import Backend, Surface
    from studio.fitting.fit_measures import FitMeasures
    from studio.render.shot import Renderer

_OF_LOOK = {"mode": "Shading", "light": "Light", "clay": "Clay colour"}  # what their steps are called
_PLAIN: Mapping[str, str] = {}
_NO_WINDOW = "needs the studio's window; run it in the Python console there."


class Studio(Steps):
    """A document and what is done to it.

    In the window's console ``studio`` is one that works on what is seen there; the same script runs
    without a window, on a document of its own:

        from studio.scripting import Studio

        studio = Studio("open_head")
        studio.set_component("expr", "mouthSmileLeft", 0.5)
        studio.render("smile.png", size=(1024, 1024))

    Lengths are metres, angles radians unless a name says degrees, components in the model's own units.
    Every function raises StudioError, one sentence, where it is given what cannot be.
    """

    def __init__(
        self,
        model: HeadModel | str | Path | None = None,
        *,
        backend: str = "auto",
        device: str | None = None,
    ) -> None:
        """Begin with a neutral head.

        Args:
            model: a model, its file, or "open_head"; None takes the user's own, else the open head.
            backend: what computes: "auto", "torch" or "mlx".
            device: of the backend, as "cpu" or "cuda"; None takes the best.

        """
        if not isinstance(model, HeadModel):
            from studio.flame.files import load_model

            model = load_model() if model is None else model_called(model)
        self._begin(Document(model), backend, device)
        from studio.render.framing import frame_head

        self.document.set(camera=frame_head(model, Camera()))

    def _begin(
        self, document: Document, backend: str, device: str | None, threads: int | None = None
    ) -> None:
        super().__init__(document)
        self.notices: list[str] = []  # what is to be told of the files that were opened
        self._choice, self._threads = (backend, device), threads
        self._computing: Backend | None = None
        self._drawing: Renderer | None = None
        self._kept = Kept()

    def __repr__(self) -> str:
        """What it works on."""
        return f"<Studio: {self.document.take.name} on {self.model.name}; help(studio) lists what it can do>"

    @property
    def model(self) -> HeadModel:
        """The head model in use."""
        return self.document.model

    @property
    def params(self) -> Params:
        """The parameters at the time cursor."""
        return self.document.params

    def set_component(self, field: str, which: Which | Sequence[Which], value: float) -> None:
        """Set a component of shape, expr or the pose, by its name or its place; several to one value."""
        one_of(field, VECTORS, "parameter")
        count = len(getattr(self.params, field))
        given = which if isinstance(which, Sequence) and not isinstance(which, str) else [which]
        indices = [index_of(self.model, field, entry, count) for entry in given]
        name = title_of(self.model, field, indices, count)
        self.push(commands.set_component(self.document, name, field, indices, finite(value)))

    def set_control(self, name: str, value: float) -> None:
        """Set a named control, as "mouthSmileLeft" or "jawOpen": 0 to 1, or radians for turns of the head."""
        controls = control_state.controls_of(self.document).controls
        one_of(name, controls, "control")
        self.push(faces.set_control(self.document, name, finite(value)))

    def set_controls(self, name: str, /, **values: float) -> None:
        """Set several named controls in one step called ``name``; what is locked stays."""
        controls = control_state.controls_of(self.document).controls
        wanted = {one_of(key, controls, "control"): finite(value) for key, value in values.items()}
        self.push(faces.set_controls(self.document, name, wanted))

    def pose(self, pose: str | Path, strength: float = 1.0, parts: Sequence[str] = PARTS) -> None:
        """Put a pose of the library, by its name, or of a file, on ``parts`` of the head."""
        for part in parts:
            one_of(part, PARTS, "part")
        posing = begin(self.document, preset_called(pose), parts)
        self.push(show(self.document, posing, finite(strength)))
        self._tell([posing.notice] if posing.notice else [])

    @property
    def controls(self) -> dict[str, float]:
        """What every named control says of the face at the time cursor."""
        return dict(control_state.control_values(self.document))

    def set_params(self, name: str = "Parameters", params: Params | None = None, /, **fields: Any) -> None:
        """Set parameters at the time cursor, whole, or some fields: all their numbers, or few by name.

        ``studio.set_params(jaw_pose=(0.2, 0, 0), expr={"mouthSmileLeft": 0.5})``
        """
        if not isinstance(params, Params | None):
            raise StudioError(f"{params!r:.60} is no parameters; change some of params by its replace().")
        wanted = hear_values(self.params if params is None else params, fields, self.model)
        sizes = len(wanted.shape), len(wanted.expr)
        if sizes != (self.model.shape_count, self.model.expression_count):
            raise StudioError(f"The parameters are of another size than {self.model.name} takes.")
        lead = next(iter(fields)) if len(fields) == 1 else ""
        self.push(commands.set_params(self.document, name, wanted, lead=lead))

    def reset(self, group: str = "all") -> None:
        """Set "pose", "expression", "shape" or "all" to neutral, except for what is locked."""
        name, fields = RESETS[one_of(group, RESETS, "group")]
        self.push(commands.reset_fields(self.document, name, fields))

    def lock(self, field: str, *which: Which) -> None:
        """Keep components, or a whole field, from all that sets many at once."""
        self._set_locks(field, which, locked=True)

    def unlock(self, field: str, *which: Which) -> None:
        """Open the locks of components, or of a whole field."""
        self._set_locks(field, which, locked=False)

    def look(self, **changes: Any) -> None:
        """Change how the head is drawn: ``studio.look(mode="shaded", light={"strength": 1.5})``."""
        self._change("look", changes, _OF_LOOK)

    def playback(self, **changes: Any) -> None:
        """Change how the take is played: speed, loop, first, last; the last is not before the first."""
        self._change("playback", changes)

    def comparison(self, **changes: Any) -> None:
        """Change what the take is compared with, and how."""
        self._change("comparison", changes)

    def sound(self, **changes: Any) -> None:
        """Change the sound: its file as media, its offset in seconds, muted, volume."""
        self._change("sound", changes)

    def camera(self, **changes: Any) -> None:
        """Look from elsewhere: azimuth, elevation, distance, target…; this is no step to undo."""
        self.set("Camera", camera=changes)

    def view(self, azimuth: float = 0.0, elevation: float = 0.0) -> None:
        """Look at the whole head from a direction in degrees."""
        angles = {"azimuth": finite(azimuth), "elevation": finite(elevation)}
        turned = files.turned(self.document.camera, angles)
        self.document.set(camera=files.framed(self, turned, self.aspect))

    def go_to(self, frame: float) -> None:
        """Move the time cursor; this is no step to undo."""
        end = len(self.document.take) - 1
        self.document.set(position=min(max(finite(frame), 0.0), float(end)))

    def use_take(self, take: int | str) -> None:
        """Make a take the active one, by its place or its name."""
        names = [entry.name for entry in self.document.takes]
        place = names.index(one_of(take, names, "take")) if isinstance(take, str) else take
        values.hear(self.document, {"active": place})
        self.push(commands.use_take(self.document, place))

    def fit(
        self,
        photo: str | Path | None = None,
        landmarks: str | Path | None = None,
        mask: str | Path | None = None,
        recipe: str | Path | None = None,
        lens: float | None = None,
    ) -> FitMeasures:
        """Fit the head to a photo, or to the one that is open, and tell how near it is.

        ``recipe`` is the name of one that ships or a file; ``lens`` is in mm as for 35 mm film.
        """
        return photo_fitting.fit(self, photo_fitting.Photo.of(photo, landmarks, mask), recipe, lens)

    def set_keys(self, *controls: str) -> None:
        """Set keys at the time cursor to what is shown, of named controls; of all that moves without one."""
        set_keys(self, controls)

    def key(self, frame: float, /, **fields: Any) -> None:
        """Show parameters at ``frame`` by keys there: ``studio.key(25, expr={"mouthSmileLeft": 0.5})``.

        Keys stand on the take's whole frames; a still gets 100 of them with its first key.
        """
        set_key(self, frame, fields)

    @property
    def layers(self) -> Layering:
        """The layers of keys over the take."""
        return Layering(self)

    def auto_key(self, on: bool = True) -> None:
        """Let changes set keys at the time cursor, or move the whole take again; this is no step to undo."""
        self.document.set(tools=self.document.tools.replace(auto_key=bool(on)))

    def operate(
        self, operation: str, /, span: tuple[int, int] | None = None, **settings: Any
    ) -> dict[str, Any]:
        """Do an operation on clips to the take: ``studio.operate("smooth", window=9)``; gives its numbers.

        What changes nothing is no step: ``changed`` among the numbers is False then, and ``undo()`` takes
        back the step before.
        """
        return operating.operate(self, operation, span, settings)

    def use_model(self, model: HeadModel | str | Path) -> None:
        """Switch to a head model, by its file or "open_head"; takes stay as far as the models agree."""
        self._switch(model if isinstance(model, HeadModel) else self._model_called(str(model)))

    def use_variant(self, *, teeth: bool = False, without: Sequence[str] = ()) -> None:
        """Give a FLAME model teeth, and leave out the faces of regions."""
        variant = Variant(teeth, frozenset(without))
        self.push(commands.use_variant(self.document, "Mesh", variant))

    def set(self, name: str, /, **fields: Any) -> None:
        """Set fields of the document to plain values, in one step called ``name``.

        This is the exact form of any change: what steps copied from History fall back to.
        """
        heard = values.hear(self.document, fields, self._model_called)
        if UNASKED.issuperset(heard):
            self.document.set(**heard)
        else:
            self.push(commands.change(self.document, name, **heard))

    def open(self, path: str | Path, fill_gaps: bool = False) -> None:
        """Open a session instead of the document, a take, a pose, a photo, a sound, a model, or a mapping.

        ``fill_gaps`` makes numbers of a clip that are not finite from the frames around them.
        """
        path = Path(path)
        kind = files.kind_of(path)
        if kind == "model":
            self.use_model(path)
        elif kind == "session":
            self._open_session(path)
        elif kind == "pose":
            self.pose(path)
        elif kind == "mapping":
            opened.open_mapping(self, path)
        elif kind == "sound":
            self._tell(opened.open_sound(self, path))
        elif kind == "photo":
            self._tell(opened.open_photo(self, path))
        else:
            self._tell(opened.open_clip(self, path, fill_gaps))

    def save(self, path: str | Path) -> Path:
        """Save everything as a session."""
        from studio.session.writing import write_session

        path = files.with_ending(Path(path))
        write_session(path, State.of(self.document), self._kept)
        return path

    def render(
        self,
        path: str | Path,
        size: tuple[int, int] = (1920, 1080),
        samples: int = 4,
        transparent: bool = False,
    ) -> Path:
        """Save a picture of what is shown: png, jpg or webp."""
        options = {"size": size, "samples": samples, "transparent": transparent}
        return files.render(self, Path(path), options)

    def turntable(
        self, path: str | Path, seconds: float = 4.0, fps: float = 30.0, size: tuple[int, int] = (1280, 720)
    ) -> Path:
        """Save a film of one turn around the head: mp4, gif or webp."""
        return files.turntable(self, Path(path), seconds, fps, {"size": size})

    def export(self, path: str | Path, size: tuple[int, int] = (1280, 720), **choices: Any) -> Path:
        """Save a mesh (obj, ply), the take's parameters (npz), a picture, or the frames played.

        These as a film, as a moving mesh (glb, usdc, usda, mdd, pc2) or as a mesh for each (%05d.obj).
        ``choices`` are of a GLB, as in GltfOptions: targets="units", identity="targets".
        """
        return files.export(self, Path(path), {"size": size}, choices)

    def surface(self) -> Surface:
        """Vertices, normals, landmarks and joints of what is shown, as NumPy arrays."""
        return self.backend.forward(self.params)

    @property
    def backend(self) -> Backend:
        """What computes surfaces of the model in use; made when first asked for."""
        if self._computing is None or self._computing.model is not self.model:
            from studio.backends import create_with_fallback

            name, device = self._choice
            self._computing, _ = create_with_fallback(name, self.model, device, self._threads)
        return self._computing

    @property
    def aspect(self) -> float:
        """Width over height of the view that the head is framed in."""
        return 1.0

    @property
    def renderer(self) -> Renderer:
        """What draws pictures; made when first asked for."""
        if self._drawing is None:
            from studio.render.offscreen import open_renderer

            self._drawing = open_renderer()
        return self._drawing

    def run(self, action: str) -> None:
        """Do one of the window's actions, by its name in the table of all actions."""
        raise StudioError(f"The action {action!r} {_NO_WINDOW}")

    def play(self) -> None:
        """Play the take."""
        raise StudioError(f"Playing {_NO_WINDOW}")

    def pause(self) -> None:
        """Stop playing."""
        raise StudioError(f"Playing {_NO_WINDOW}")

    def _change(self, field: str, changes: Mapping[str, Any], titles: Mapping[str, str] = _PLAIN) -> None:
        value = values.changed(getattr(self.document, field), changes, field)
        first = next(iter(changes), field)
        name = titles.get(first, sentence(first)) if len(changes) == 1 else sentence(field)
        self.push(commands.change(self.document, name, **{field: value}))

    def _set_locks(self, field: str, which: Sequence[Which], locked: bool) -> None:
        one_of(field, VECTORS, "parameter")
        count = len(getattr(self.params, field))
        indices = [index_of(self.model, field, entry, count) for entry in which] or range(count)
        what = title_of(self.model, field, indices, count)
        self.push(commands.set_locks(self.document, what, frozenset((field, i) for i in indices), locked))

    def _model_called(self, name: str) -> HeadModel:
        original = self.model.original
        return original if model_name(original) == name else model_called(name)

    def _tell(self, notices: Sequence[str]) -> None:
        self.notices += notices

    def _switch(self, model: HeadModel) -> None:
        document = self.document
        units = units_between(document.takes, document.model, document.controls, model)
        takes, notice = carried_over(document.takes, document.model, model, units)
        self.push(commands.use_model(self.document, model, takes))
        self._tell([*model.notices, *([notice] if notice else [])])

    def _open_session(self, path: Path) -> None:
        from studio.session.on_model import open_session

        opened_session = open_session(path, [self.model.original], self.model.original)
        opened_session.state.put_into(self.document)
        self._kept = opened_session.kept
        self._done.clear()
        self._undone.clear()
        self._tell(opened_session.notices)
