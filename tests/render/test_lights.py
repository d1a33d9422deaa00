"""Light, shadows and eyes, in both renderers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.document.camera import Camera
from studio.document.harmonics import CONSTANTS
from studio.document.lights import PRESETS, Lamp, Light
from studio.document.look import Environment, Finish, Look, Shadows
from studio.render.ambient_occlusion import bake, open_share
from studio.render.camera import project, rotation
from studio.render.key_shadow import key_light_seen
from studio.render.lighting import Lighting
from studio.render.shading import surroundings
from studio.render.topology import Neighbourhoods, find_edges

DARK = Light(strength=0.0, ambient=0.0, fill=Lamp(), rim=Lamp())
EVEN = Environment((1.0 / CONSTANTS[0],) * 3 + (0.0,) * 24)


def _exact(linear):
    return 255.0 * (12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055)


@pytest.fixture(params=["gl_renderer", "cpu_renderer"])
def renderer(request):
    return request.getfixturevalue(request.param)


def _grey(linear, **changes):
    display = _exact(linear) / 255.0
    return Look(mode="shaded", light=DARK, environment=EVEN, clay=(display,) * 3, **changes)


def _forehead(image, shot):
    """The pixels of the forehead, where there are no folds."""
    vertices = shot.model.v_template
    top, nose = vertices[:, 1].max(), vertices[np.argmax(vertices[:, 2])]
    place = np.array([0.0, (top + nose[1]) / 2.0, nose[2] - 0.02])
    x, y, _ = project([place], shot.camera, shot.size)[0]
    return image[int(y) - 3 : int(y) + 4, int(x) - 3 : int(x) + 4, :3].astype(float)


@pytest.mark.parametrize(("exposure", "factor"), [(0.0, 1.0), (1.0, 2.0), (-2.0, 0.25)])
def test_grey_under_even_light_is_the_grey_of_srgb(renderer, shot, exposure, factor):
    image = renderer.render(replace(shot, look=_grey(0.18, exposure=exposure)))
    brightest = _forehead(image, shot).max(axis=(0, 1))
    assert np.allclose(brightest, _exact(0.18 * factor), atol=1.5)


@pytest.mark.parametrize("mode", ["normals", "depth"])
def test_maps_do_not_care_for_light(renderer, shot, mode):
    plain = renderer.render(replace(shot, look=Look(mode=mode)))
    other = Look(mode=mode, light=PRESETS["Night"], exposure=2.0, environment=EVEN)
    assert (renderer.render(replace(shot, look=other)) == plain).all()


def test_light_from_one_side_lights_that_side_and_turns(renderer, shot):
    coefficients = np.zeros((9, 3))
    coefficients[0], coefficients[1] = 2.0, 1.0  # stronger from +X, the head's left, right in the picture
    environment = Environment(tuple(coefficients.ravel()))

    def sides(look):
        image = renderer.render(replace(shot, look=look))[60:90, :, :3].astype(float)
        return image[:, 50:75].mean(), image[:, 85:110].mean()

    left, right = sides(Look(mode="shaded", light=DARK, environment=environment))
    assert right > left + 20
    left, right = sides(Look(mode="shaded", light=DARK, environment=environment.replace(rotation=np.pi)))
    assert left > right + 20


def test_a_light_in_the_world_stays_where_the_head_is(renderer, shot):
    lamp = Light(azimuth=1.2, elevation=0.0, ambient=0.0, fill=Lamp(), rim=Lamp())
    behind = replace(shot, camera=shot.camera.replace(azimuth=np.pi))
    lit = {
        in_world: renderer.render(
            replace(behind, look=Look(mode="shaded", light=lamp.replace(in_world=in_world)))
        )[..., :3].astype(float)
        for in_world in (False, True)
    }
    assert lit[False][60:90, 85:110].mean() > lit[False][60:90, 50:75].mean() + 20
    assert lit[True][60:90, 50:75].mean() > lit[True][60:90, 85:110].mean() + 20


def _pupil(shot, renderer, look):
    """The brightness around the left pupil, from near by."""
    joint = shot.surface.joints[3]
    camera = shot.camera.replace(target=tuple(float(v) for v in joint), distance=0.09)
    image = renderer.render(replace(shot, look=look, camera=camera, samples=9))[..., :3].astype(float)
    return image.mean(axis=2)[45:115, 45:115]


def test_eyes_mirror_the_lamps_and_nothing_is_painted(renderer, shot):
    unlit = _pupil(shot, renderer, Look(light=Light(strength=0.0, fill=Lamp(), rim=Lamp())))
    lit = _pupil(shot, renderer, Look())
    without = _pupil(shot, renderer, Look(finish=Finish(catch=0.0)))
    assert lit.max() > 235
    spots = [
        np.argwhere(_pupil(shot, renderer, Look(light=Light(azimuth=azimuth))) - without > 60).mean(axis=0)
        for azimuth in (-0.6, 0.6)
    ]
    assert spots[0][1] + 5 < spots[1][1]
    centre = unlit[30:40, 30:40]
    assert centre.max() < 90


@pytest.mark.parametrize("name", list(PRESETS))
def test_gpu_and_processor_light_alike(gl_renderer, cpu_renderer, shot, name):
    wanted = replace(shot, look=Look(light=PRESETS[name], environment=EVEN.replace(strength=0.1)), samples=9)
    difference = np.abs(gl_renderer.render(wanted).astype(int) - cpu_renderer.render(wanted))
    assert difference.mean() < 0.5
    assert (difference.max(axis=2) > 16).mean() < 0.002


def test_the_nose_throws_a_shadow_that_can_be_switched_off(renderer, shot):
    side = Light(azimuth=0.9, elevation=0.5, softness=0.2)
    with_shadow, without = (
        renderer.render(replace(shot, look=Look(mode="shaded", light=side, shadows=Shadows(key=key)))).astype(
            int
        )
        for key in (1.0, 0.0)
    )
    darker = without[..., :3].mean(axis=2) - with_shadow[..., :3].mean(axis=2)
    assert darker.min() >= -1
    assert (darker > 15).sum() > 50
    assert darker[75:110, 60:80].max() > 15  # beside the nose, away from the light


def _sheet(size, count, height, normal):
    steps = np.linspace(-size / 2, size / 2, count)
    x, z = np.meshgrid(steps, steps)
    points = np.stack([x.ravel(), np.full(count * count, height), z.ravel()], axis=1).astype(np.float32)
    index = np.arange(count * count).reshape(count, count)
    a, b, c, d = (part.ravel() for part in (index[:-1, :-1], index[:-1, 1:], index[1:, :-1], index[1:, 1:]))
    faces = np.concatenate([np.stack([a, c, b], axis=1), np.stack([b, c, d], axis=1)]).astype(np.int32)
    return points, faces, np.tile(np.array(normal, np.float32), (count * count, 1))


def test_a_plate_shades_what_is_under_it():
    floor, floor_faces, up = _sheet(0.2, 21, 0.0, (0, 1, 0))
    plate, plate_faces, _ = _sheet(0.08, 5, 0.05, (0, 1, 0))
    vertices = np.concatenate([floor, plate])
    faces = np.concatenate([floor_faces, plate_faces + len(floor)])
    normals = np.concatenate([up, up[: len(plate)]])
    near = Neighbourhoods.of(find_edges(faces, len(vertices)), len(vertices))
    direction = np.array([0.0, 1.0, 0.0], np.float32)
    seen = key_light_seen(vertices, normals, faces, direction, near)[: len(floor)]
    across = np.abs(floor[:, [0, 2]]).max(axis=1)
    assert seen[across < 0.025].max() < 0.01
    assert seen[across > 0.055].min() > 0.99


def test_hollows_are_what_counting_directions_gives():
    floor, faces, up = _sheet(0.4, 41, 0.0, (0, 1, 0))
    wall = floor[:, [0, 2, 1]] + np.array([0.0, 0.2, 0.0], np.float32)
    vertices = np.concatenate([floor, wall])
    both = np.concatenate([faces, faces + len(floor)])
    normals = np.concatenate([up, np.tile(np.array([0, 0, 1], np.float32), (len(floor), 1))])
    seen = open_share(vertices, normals, both)[: len(floor)]
    rays = np.random.default_rng(0).normal(size=(20000, 3))
    rays = rays[rays[:, 1] > 0] / np.linalg.norm(rays[rays[:, 1] > 0], axis=1, keepdims=True)
    for distance in (0.02, 0.1, 0.2):
        reach = distance / np.maximum(-rays[:, 2], 1e-9)
        hit = (rays[:, 2] < 0) & (np.abs(reach * rays[:, 0]) < 0.2) & (reach * rays[:, 1] < 0.4)
        wanted = (rays[:, 1] * ~hit).sum() / rays[:, 1].sum()
        here = (np.abs(floor[:, 0]) < 0.006) & (np.abs(floor[:, 2] - distance) < 0.006)
        assert seen[here].mean() == pytest.approx(wanted, abs=0.05)


def test_hollows_are_kept_and_what_is_broken_is_made_anew(head_model, tmp_path):
    first = bake(replace(head_model), tmp_path)
    kept = next(tmp_path.glob("ambient-*.npy"))
    again = bake(replace(head_model), tmp_path)
    assert (first == again).all()
    kept.write_bytes(b"nothing")
    assert (bake(replace(head_model), tmp_path) == first).all()
    assert kept.stat().st_size > 1000
    nostrils = first < 0.6
    assert 0.005 < nostrils.mean() < 0.4


def test_light_from_all_around_turns_towards_the_heads_left():
    ahead = np.zeros((9, 3))
    ahead[0], ahead[3] = 1.0, 1.0  # from where the face looks
    environment = Environment(tuple(ahead.ravel()), rotation=np.pi / 2.0)
    for azimuth in (0.0, 0.7):
        camera = Camera(azimuth=azimuth)
        lighting = Lighting.of(Look(light=DARK, environment=environment), camera)
        sides = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [-1.0, 0.0, 0.0]]) @ rotation(camera).T
        left, front, right = surroundings(lighting.environment, sides)[:, 0]
        assert left > front > right
