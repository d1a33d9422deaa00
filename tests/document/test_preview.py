"""What is shown in place of the document's face, and that the document stays as it is."""

from __future__ import annotations

import numpy as np
import pytest

from studio.document.camera import Camera
from studio.document.document import FIELDS, Document
from studio.document.look import Look
from studio.document.preview import Preview
from studio.document.take import Take
from studio.flame.params import Params
from studio.sequence.clip import Clip


def face(model, jaw):
    return Params.neutral(model).replace(jaw_pose=(jaw, 0.0, 0.0))


@pytest.fixture
def heard():
    told = []
    preview = Preview()
    preview.changed.connect(lambda: told.append(preview.owner))
    return preview, told


def test_a_face_is_shown_until_its_owner_takes_it_away(tiny_model, heard):
    preview, told = heard
    shown = face(tiny_model, 0.2)
    preview.show("live", tiny_model, shown)
    assert preview.params(tiny_model, 7.0) is shown
    preview.clear("someone else")
    assert preview.owner == "live"
    preview.clear("live")
    assert preview.params(tiny_model, 7.0) is None
    assert told == ["live", None]


def test_the_newest_owner_wins(tiny_model, heard):
    preview, _ = heard
    preview.show("live", tiny_model, face(tiny_model, 0.1))
    preview.show("dialog", tiny_model, face(tiny_model, 0.3))
    preview.clear("live")
    assert preview.params(tiny_model, 0.0).jaw_pose[0] == np.float32(0.3)


def test_what_was_made_for_another_model_is_not_shown(tiny_model, head_model, heard):
    preview, _ = heard
    preview.show("live", tiny_model, face(tiny_model, 0.1))
    assert preview.params(head_model, 0.0) is None


def test_a_take_follows_the_time_cursor(tiny_model, heard):
    preview, _ = heard
    clip = Clip.still(face(tiny_model, 0.0))
    jaw = np.array([[0.0, 0.0, 0.0], [0.2, 0.0, 0.0]])
    repeated = {n: np.repeat(getattr(clip, n), 2, 0) for n in ("expr", "rotation", "neck_pose", "eyes_pose")}
    clip = clip.replace(**repeated, translation=np.zeros((2, 3)), eyelids=np.zeros((2, 2)), jaw_pose=jaw)
    take = Take.of("Tried", clip)
    preview.show("dialog", tiny_model, take)
    assert preview.take(tiny_model) is take
    assert preview.params(tiny_model, 0.5).jaw_pose[0] == pytest.approx(0.1)
    assert preview.params(tiny_model, 0.5) is preview.params(tiny_model, 0.5)


def test_the_document_stays_as_it_is(tiny_model):
    document = Document(tiny_model)
    before, heard = document.read(FIELDS), []
    document.changed.connect(heard.append)
    document.preview.show("live", tiny_model, face(tiny_model, 0.2))
    assert document.read(FIELDS) == before
    assert document.params.jaw_pose[0] == 0.0
    assert heard == []


def test_a_look_and_a_camera_may_stand_in_too(tiny_model, head_model, heard):
    preview, _ = heard
    look, camera = Look(mode="normals"), Camera(distance=3.0)
    preview.show("fit", tiny_model, face(tiny_model, 0.1), look, camera)
    assert preview.look(tiny_model) is look
    assert preview.camera(tiny_model) is camera
    assert preview.look(head_model) is preview.camera(head_model) is None
    preview.show("fit", tiny_model, face(tiny_model, 0.1))
    assert preview.look(tiny_model) is preview.camera(tiny_model) is None
