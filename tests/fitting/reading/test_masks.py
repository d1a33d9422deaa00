"""Masks of every kind say where skin is seen; those of another size are scaled or refused."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from studio.document.photo_camera import PhotoCamera
from studio.fitting.projection import project
from studio.fitting.reading.masks import CELEB, read_mask
from studio.fitting.reading.skin import skin_faces, skin_region
from studio.storage.errors import StudioError

SIZE = (60, 40)


def square(inside: float = 1.0, outside: float = 0.0, dtype=np.float32) -> np.ndarray:
    values = np.full((40, 60), outside, dtype)
    values[10:30, 20:40] = inside
    return values


def file_of(picture: Image.Image, kind: str = "PNG", **options) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def coloured_palette() -> Image.Image:
    labels = Image.fromarray(square(1, 13, np.uint8)).convert("P")
    labels.putpalette(np.random.default_rng(1).integers(0, 255, 768).tolist())
    return labels


PICTURES = {
    "grey": Image.fromarray(square(255, 0, np.uint8)),
    "yes and no": Image.fromarray(square(255, 0, np.uint8)).convert("1"),
    "0 and 1": Image.fromarray(square(1, 0, np.uint8)),
    "16 bits": Image.fromarray(square(65535, 0, np.uint16)),
    "rgb": Image.fromarray(square(255, 0, np.uint8)).convert("RGB"),
    "alpha": Image.merge(
        "RGBA", [Image.new("L", SIZE, 90)] * 3 + [Image.fromarray(square(255, 0, np.uint8))]
    ),
    "palette of black and white": Image.fromarray(square(255, 0, np.uint8)).convert("P"),
    "labels in a palette": coloured_palette(),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_pictures_of_every_kind(tmp_path, kind):
    path = tmp_path / "mask.png"
    path.write_bytes(file_of(PICTURES[kind]))
    assert np.array_equal(read_mask(path, SIZE).values, square())
    assert np.array_equal(read_mask(path.read_bytes(), SIZE, "mask.png").values, square())


@pytest.mark.parametrize(
    "array",
    [
        square().astype(bool),
        square(),
        square(255, 0, np.uint8),
        square(15, 0, np.uint8),
        square(15.0, 0.0, np.float64),
        square()[None, ..., None],
        np.repeat(square()[None], 3, axis=0),
        square(1.0, np.nan),
    ],
    ids=["bool", "0..1", "0..255", "ffhq", "ffhq as float", "batch", "channels", "nan"],
)
def test_arrays_of_every_kind(tmp_path, array):
    np.save(tmp_path / "mask.npy", array)
    assert np.array_equal(read_mask(tmp_path / "mask.npy", SIZE).values, square())


def test_soft_masks_of_ffhq_are_shares_of_fifteen(tmp_path):
    soft = square(15, 0, np.uint8)
    soft[9, 20:40], soft[30, 20:40] = 7, 3
    np.save(tmp_path / "soft.npy", soft)
    found = read_mask(tmp_path / "soft.npy", SIZE)
    assert found.values[9, 25] == pytest.approx(7 / 15)
    assert found.values[30, 25] == pytest.approx(3 / 15)
    assert not found.notices


def labels_of(names: tuple[str, ...], shown: tuple[str, ...]) -> np.ndarray:
    image = np.zeros((40, 60), np.uint8)
    for column, name in enumerate(shown):
        image[:, column * 10 : column * 10 + 10] = names.index(name)
    return image


def test_label_images_show_the_head_but_neither_hair_nor_clothes(tmp_path):
    shown = "skin", "hair", "l_eye", "neck", "cloth", "eye_g"
    (tmp_path / "labels.png").write_bytes(file_of(Image.fromarray(labels_of(CELEB, shown))))
    found = read_mask(tmp_path / "labels.png", SIZE)
    assert found.values[0, ::10].tolist() == [1.0, 0.0, 1.0, 1.0, 0.0, 0.0]
    assert "CelebAMask-HQ" in found.notices[0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("classes.txt", "background\nhair\nskin\ncloth\nneck\nnose\nhat\n"),
        ("labels.txt", "0 background\n1 hair\n2 skin\n3 cloth\n4 neck\n5 nose\n6 hat\n"),
        (
            "config.json",
            '{"id2label": {"0": "background", "1": "hair", "2": "skin", "4": "neck", "6": "hat"}}',
        ),
        ("classes.json", '["background", "hair", "skin", "cloth", "neck", "nose", "hat"]'),
    ],
)
def test_a_list_of_classes_beside_says_what_they_are(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    image = np.tile(np.repeat(np.array([1, 2, 3, 4, 6, 0], np.uint8), 10), (40, 1))
    (tmp_path / "labels.png").write_bytes(file_of(Image.fromarray(image)))
    found = read_mask(tmp_path / "labels.png", SIZE)
    assert found.values[0, ::10].tolist() == [0.0, 1.0, 0.0, 1.0, 0.0, 0.0]
    assert not found.notices


@pytest.mark.parametrize("key", ["\u00b2", "1" * 5_000])
def test_a_list_of_classes_without_numbers_is_left_aside(tmp_path, key):
    (tmp_path / "classes.json").write_text(f'{{"{key}": "skin"}}', encoding="utf-8")
    image = np.tile(np.repeat(np.array([1, 0, 17], np.uint8), 20), (40, 1))
    (tmp_path / "labels.png").write_bytes(file_of(Image.fromarray(image)))
    assert "CelebAMask-HQ" in read_mask(tmp_path / "labels.png", SIZE).notices[0]


def test_masks_of_another_size_are_scaled_where_the_shape_is_the_same():
    found = read_mask(file_of(PICTURES["grey"]), (600, 400), "mask.png")
    assert found.values.shape == (400, 600)
    assert found.values[200, 300] == 1.0
    assert found.values[10, 10] == 0.0
    assert found.notices == ("mask.png is of 60 x 40 pixels: it was scaled to the photo.",)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            file_of(Image.new("L", (40, 60), 255)),
            "40 x 60 pixels and the photo of 60 x 40, which is another shape",
        ),
        (file_of(Image.new("L", SIZE, 0)), "marks no skin"),
        (file_of(Image.new("RGB", SIZE, (255, 0, 40))), "a coloured picture, not a mask"),
        (b"nothing", "cannot be read as a mask"),
        (b"", "cannot be read as a mask"),
        (file_of(PICTURES["16 bits"])[:60], "cannot be read as a mask"),
    ],
)
def test_what_is_no_mask_is_refused_in_one_sentence(data, told):
    with pytest.raises(StudioError, match=told) as problem:
        read_mask(data, SIZE, "mask.png")
    assert str(problem.value).startswith("mask.png ")


@pytest.mark.parametrize(
    ("array", "told"),
    [
        (np.full((40, 60), 1e9), r"values up to 1e\+09"),
        (np.full((40, 60), "a"), "holds no numbers"),
        (np.zeros(7), "not that of a picture"),
    ],
)
def test_arrays_that_are_no_mask_are_refused(tmp_path, array, told):
    np.save(tmp_path / "mask.npy", array)
    with pytest.raises(StudioError, match=told):
        read_mask(tmp_path / "mask.npy", SIZE)


def camera_of(model) -> PhotoCamera:
    away = model.v_template.mean(axis=0) + np.array([0.0, 0.0, 0.8])
    return PhotoCamera(480, 360, focal=600.0, cx=240.0, cy=180.0, place=tuple(-away.astype(float)))


def test_the_skin_of_a_head_is_its_face_without_eyes_and_hair(head_model):
    mask = skin_region(head_model, head_model.v_template, camera_of(head_model))
    assert mask.shape == (360, 480)
    seen = skin_faces(head_model)
    assert 0.5 < seen.mean() < 0.95
    assert 0.03 < mask.mean() < 0.3
    nose = project(camera_of(head_model), head_model.v_template[head_model.regions["nose"]].mean(axis=0))[0]
    assert mask[int(nose[1]), int(nose[0])] == 1.0


def test_what_has_other_colours_than_most_of_the_skin_counts_less(head_model):
    camera = camera_of(head_model)
    region = skin_region(head_model, head_model.v_template, camera)
    rng = np.random.default_rng(3)
    pixels = np.clip(rng.normal((200.0, 150.0, 120.0), 6.0, (360, 480, 3)), 0, 255).astype(np.uint8)
    rows, columns = np.nonzero(region)
    hand = (
        slice(int(rows.mean()), int(rows.mean()) + 12),
        slice(int(columns.mean()), int(columns.mean()) + 12),
    )
    pixels[hand] = (20, 60, 160)
    mask = skin_region(head_model, head_model.v_template, camera, pixels)
    inside = region > 0.0
    assert mask[hand].max() < 0.1
    assert np.median(mask[inside]) > 0.8


def test_a_large_photo_has_a_mask_of_its_size(head_model):
    camera = camera_of(head_model).cropped(0.0, 0.0, 8.0, 3840, 2880)
    mask = skin_region(head_model, head_model.v_template, camera)
    small = skin_region(head_model, head_model.v_template, camera_of(head_model))
    assert mask.shape == (2880, 3840)
    assert abs(mask.mean() - small.mean()) < 0.002
