"""What carries the skin at the pixels of a view, against rays through them."""

from __future__ import annotations

import numpy as np

from studio.document.camera import Camera
from studio.document.look import Look
from studio.render.framing import frame_head
from studio.render.picking import pick
from studio.render.shot import Shot
from studio.render.skin_map import COARSE, SkinMap
from tests.render.heads import neutral_surface


def test_its_weights_are_those_of_the_points_that_are_seen(head_model):
    camera = frame_head(head_model, Camera(azimuth=0.4))
    shot = Shot(head_model, neutral_surface(head_model), Look(), camera, (160, 160))
    skin = SkinMap()
    assert not skin.shows(shot)
    skin.look(shot)
    assert skin.shows(shot)
    whole = np.zeros((*skin.seen.shape, 5))
    whole[skin.seen] = skin.weights
    checked = 0
    for row in range(2, 80, 7):
        for column in range(2, 80, 7):
            place = ((column + 0.5) * COARSE, (row + 0.5) * COARSE)
            found = pick(head_model, shot.surface.vertices, camera, shot.size, place)
            if found is None or not skin.seen[row, column]:
                continue
            wanted = found.barycentric @ head_model.lbs_weights[head_model.faces[found.face]]
            checked += bool(np.abs(whole[row, column] - wanted).max() < 0.02)
    assert checked > 25


def test_another_view_is_looked_at_anew(head_model):
    surface = neutral_surface(head_model)
    camera = frame_head(head_model, Camera())
    skin = SkinMap()
    skin.look(Shot(head_model, surface, Look(), camera, (80, 80)))
    front = skin.seen.copy()
    turned = Shot(head_model, surface, Look(), frame_head(head_model, Camera(azimuth=1.5)), (80, 80))
    assert not skin.shows(turned)
    skin.look(turned)
    assert (skin.seen != front).any()
