"""The rasterizer's compiled loops; imported on demand, because they load numba.

Corners are snapped to a grid of 1/256 pixel and kept as whole numbers in float64, where every edge
function below is exact: no corner is further than 2**16 pixels outside the picture
(:mod:`studio.render.clipping_kernel` sees to it), so no product reaches 2**53.
"""

from __future__ import annotations

import math

import numpy as np
from numba import types
from numpy.typing import NDArray

from studio.flame.compiled import TRIANGLES, compiled

CLIP = types.Array(types.float64, 2, "C", readonly=True)
PLACES = types.Array(types.float64, 2, "C")
CODES = types.Array(types.uint8, 1, "C")
LIST = types.Array(types.int32, 1, "C")
NUMBERS = types.Array(types.int32, 1, "C", readonly=True)
BOXES = types.Array(types.int32, 2, "C")
FACE_IMAGE = types.Array(types.int32, 2, "C")
WEIGHT_IMAGE = types.Array(types.float32, 3, "C")
DEPTH_IMAGE = types.Array(types.float32, 2, "C")

SUBPIXELS = 256.0  # steps of the grid along a pixel
HALF = SUBPIXELS / 2.0  # from a pixel's border to its centre
GUARD = float(1 << 16)  # pixels from the middle of the picture; what lies further out is clipped

BEHIND, ASIDE, BROKEN = 1, 2, 4  # codes of a vertex: before the near plane, beyond the guard, not finite
SMALLEST_W = 1e-9
HUGE = 1e30


@compiled(CLIP, types.float64, types.float64, PLACES, CODES)
def place(
    clip: NDArray[np.float64],
    width: float,
    height: float,
    places: NDArray[np.float64],
    codes: NDArray[np.uint8],
) -> int:
    """Where the vertices fall.

    Args:
        clip: (N, 4) clip-space positions.
        width: pixels.
        height: pixels.
        places: (N, 3) filled with x to the right and y down in grid steps, and device depth; of no
            meaning where the code is not 0.
        codes: (N,) filled with 0, or the sum of BEHIND, ASIDE and BROKEN.

    Returns:
        all codes, or-ed.
    """
    found = 0
    reach_x, reach_y = 2.0 * GUARD / width, 2.0 * GUARD / height
    for vertex in range(clip.shape[0]):
        x, y, z, w = clip[vertex, 0], clip[vertex, 1], clip[vertex, 2], clip[vertex, 3]
        code = 0
        if not abs(x) + abs(y) + abs(z) + abs(w) < HUGE:
            code = BROKEN
        elif z + w < 0.0 or w < SMALLEST_W:
            code = BEHIND
        elif abs(x) > reach_x * w or abs(y) > reach_y * w:
            code = ASIDE
        codes[vertex] = code
        inverse_w = 1.0 / max(w, SMALLEST_W)
        places[vertex, 0] = np.rint((x * inverse_w * 0.5 + 0.5) * width * SUBPIXELS)
        places[vertex, 1] = np.rint((0.5 - y * inverse_w * 0.5) * height * SUBPIXELS)
        places[vertex, 2] = z * inverse_w
        found |= code
    return found


@compiled(PLACES, TRIANGLES, types.int64, types.int64, types.boolean, LIST, BOXES)
def list_visible(
    places: NDArray[np.float64],
    faces: NDArray[np.int32],
    width: int,
    height: int,
    cull: bool,
    listed: NDArray[np.int32],
    boxes: NDArray[np.int32],
) -> int:
    """Find the faces that may cover the centre of a pixel.

    Args:
        places: (N, 3) as :func:`place` fills it.
        faces: (T, 3).
        width: pixels.
        height: pixels.
        cull: leave out faces that turn their back.
        listed: (T,) filled with their indices in rising order.
        boxes: (T, 4) filled with their first and last column, first and last row.

    Returns:
        how many there are.
    """
    count = 0
    step = 1.0 / SUBPIXELS
    for face in range(faces.shape[0]):
        a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
        ax, ay, bx, by = places[a, 0], places[a, 1], places[b, 0], places[b, 1]
        cx, cy = places[c, 0], places[c, 1]
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if area == 0.0 or (cull and area > 0.0):
            continue
        left = max(math.ceil((min(ax, bx, cx) - HALF) * step), 0)
        right = min(math.floor((max(ax, bx, cx) - HALF) * step), width - 1)
        if left > right:
            continue
        top = max(math.ceil((min(ay, by, cy) - HALF) * step), 0)
        bottom = min(math.floor((max(ay, by, cy) - HALF) * step), height - 1)
        if top > bottom:
            continue
        listed[count] = face
        boxes[count, 0], boxes[count, 1], boxes[count, 2], boxes[count, 3] = left, right, top, bottom
        count += 1
    return count


@compiled(BOXES, types.int64, types.int64, LIST)
def sort_into_bands(
    boxes: NDArray[np.int32], count: int, rows: int, starts: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Which of the first ``count`` ``boxes`` reach into each band of ``rows`` rows, in rising order.

    Args:
        boxes: (T, 4) as :func:`list_visible` fills them.
        count: how many of them there are.
        rows: of a band.
        starts: (B + 1,) zeros, filled with where each band's boxes begin in the result.
    """
    for index in range(count):
        for band in range(boxes[index, 2] // rows, boxes[index, 3] // rows + 1):
            starts[band + 1] += 1
    for band in range(1, starts.shape[0]):
        starts[band] += starts[band - 1]
    members = np.empty(starts[-1], dtype=np.int32)
    filled = starts.copy()
    for index in range(count):
        for band in range(boxes[index, 2] // rows, boxes[index, 3] // rows + 1):
            members[filled[band]] = index
            filled[band] += 1
    return members


@compiled(PLACES, TRIANGLES, NUMBERS, LIST, BOXES, NUMBERS, types.int64, types.int64, FACE_IMAGE, DEPTH_IMAGE)
def draw_rows(
    places: NDArray[np.float64],
    faces: NDArray[np.int32],
    owners: NDArray[np.int32],
    listed: NDArray[np.int32],
    boxes: NDArray[np.int32],
    members: NDArray[np.int32],
    first_row: int,
    last_row: int,
    face_image: NDArray[np.int32],
    depth_image: NDArray[np.float32],
) -> None:
    """Draw the listed faces that are ``members`` into the rows ``first_row`` up to ``last_row``.

    A pixel whose centre lies on an edge belongs to one side only, so that faces which share an edge
    leave neither a gap nor an overlap (J. Pineda, "A parallel algorithm for polygon rasterization",
    1988). Of faces equally near, the first is seen.

    Args:
        places: (N, 3) as :func:`place` fills it.
        faces: (T, 3).
        owners: (T,) the number by which each face goes into the picture.
        listed: as :func:`list_visible` fills it.
        boxes: as :func:`list_visible` fills it.
        members: (M,) indices into ``listed`` in rising order.
        first_row: where to begin.
        last_row: where to end.
        face_image: (H, W) number of the face, prefilled with -1.
        depth_image: (H, W) device depth, prefilled with infinity.
    """
    for index in members:
        left, right, top, bottom = boxes[index, 0], boxes[index, 1], boxes[index, 2], boxes[index, 3]
        face = listed[index]
        number = owners[face]
        a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
        ax, ay, az = places[a, 0], places[a, 1], places[a, 2]
        bx, by, bz = places[b, 0], places[b, 1], places[b, 2]
        cx, cy, cz = places[c, 0], places[c, 1], places[c, 2]
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if area < 0.0:
            bx, by, bz, cx, cy, cz = cx, cy, cz, bx, by, bz
            area = -area
        x, y = left * SUBPIXELS + HALF, top * SUBPIXELS + HALF
        to_a = (cx - bx) * (y - by) - (cy - by) * (x - bx)
        to_b = (ax - cx) * (y - cy) - (ay - cy) * (x - cx)
        to_c = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        right_a, right_b, right_c = (by - cy) * SUBPIXELS, (cy - ay) * SUBPIXELS, (ay - by) * SUBPIXELS
        down_a, down_b, down_c = (cx - bx) * SUBPIXELS, (ax - cx) * SUBPIXELS, (bx - ax) * SUBPIXELS
        depth = (to_a * az + to_b * bz + to_c * cz) / area
        depth_right = (right_a * az + right_b * bz + right_c * cz) / area
        depth_down = (down_a * az + down_b * bz + down_c * cz) / area
        # Whole numbers moved by a half are never zero: what was on the edge is now on its side.
        to_a += 0.5 if (cy > by or (cy == by and cx > bx)) else -0.5
        to_b += 0.5 if (ay > cy or (ay == cy and ax > cx)) else -0.5
        to_c += 0.5 if (by > ay or (by == ay and bx > ax)) else -0.5
        # An edge is crossed between two columns at least 2**-34 from either, far more than is rounded off.
        cross_a = -1.0 / right_a if right_a != 0.0 else -HUGE
        cross_b = -1.0 / right_b if right_b != 0.0 else -HUGE
        cross_c = -1.0 / right_c if right_c != 0.0 else -HUGE
        opens_a, opens_b, opens_c = right_a >= 0.0, right_b >= 0.0, right_c >= 0.0
        width, first = float(right - left), np.uint64(left)
        for row in range(max(top, first_row), min(bottom + 1, last_row)):
            below = float(row - top)
            at_a = (to_a + below * down_a) * cross_a
            at_b = (to_b + below * down_b) * cross_b
            at_c = (to_c + below * down_c) * cross_c
            begin = max(at_a if opens_a else -1.0, at_b if opens_b else -1.0)
            begin = min(max(begin, at_c if opens_c else -1.0), width)
            end = min(width if opens_a else at_a, width if opens_b else at_b)
            end = max(min(end, width if opens_c else at_c), -1.0)
            row_depth, line = depth + below * depth_down, np.uint64(row)
            # Unsigned, because an index that may be negative is looked at twice.
            for column in range(np.uint64(begin + 1.0), np.uint64(end + 1.0)):
                here = np.float32(row_depth + float(column) * depth_right)
                if here < depth_image[line, first + column]:
                    depth_image[line, first + column] = here
                    face_image[line, first + column] = number


@compiled(CLIP, TRIANGLES, FACE_IMAGE, types.int64, types.int64, WEIGHT_IMAGE)
def weigh_rows(
    clip: NDArray[np.float64],
    faces: NDArray[np.int32],
    face_image: NDArray[np.int32],
    first_row: int,
    last_row: int,
    weight_image: NDArray[np.float32],
) -> None:
    """Perspective-correct barycentric weights of the faces in the rows ``first_row`` up to ``last_row``.

    In homogeneous coordinates the weights of a pixel p on corners a, b, c go as the triple products
    p (b x c), p (c x a), p (a x b), wherever the corners lie, even behind the eye (M. Olano and
    T. Greer, "Triangle scan conversion using 2D homogeneous coordinates", 1997). A centre that the
    snapping of corners put onto a face gets weights on that face's border.

    Args:
        clip: (N, 4) clip-space positions, x to the right and y up.
        faces: (T, 3).
        face_image: (H, W), -1 where there is none.
        first_row: where to begin.
        last_row: where to end.
        weight_image: (H, W, 3) prefilled with 0.
    """
    height, width = face_image.shape
    ux = uy = uw = vx = vy = vw = tx = ty = tw = 0.0
    known = -1
    for row in range(first_row, last_row):
        y = 1.0 - (2.0 * row + 1.0) / height
        for column in range(width):
            face = face_image[row, column]
            if face < 0:
                continue
            if face != known:
                known = face
                a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
                ax, ay, aw = clip[a, 0], clip[a, 1], clip[a, 3]
                bx, by, bw = clip[b, 0], clip[b, 1], clip[b, 3]
                cx, cy, cw = clip[c, 0], clip[c, 1], clip[c, 3]
                ux, uy, uw = by * cw - bw * cy, bw * cx - bx * cw, bx * cy - by * cx
                vx, vy, vw = cy * aw - cw * ay, cw * ax - cx * aw, cx * ay - cy * ax
                tx, ty, tw = ay * bw - aw * by, aw * bx - ax * bw, ax * by - ay * bx
                if ax * ux + ay * uy + aw * uw < 0.0:
                    ux, uy, uw, vx, vy, vw = -ux, -uy, -uw, -vx, -vy, -vw
                    tx, ty, tw = -tx, -ty, -tw
            x = (2.0 * column + 1.0) / width - 1.0
            on_a = max(ux * x + uy * y + uw, 0.0)
            on_b = max(vx * x + vy * y + vw, 0.0)
            on_c = max(tx * x + ty * y + tw, 0.0)
            total = on_a + on_b + on_c
            if not total > 0.0:
                on_a, on_b, on_c, total = 1.0, 1.0, 1.0, 3.0
            weight_image[row, column, 0] = on_a / total
            weight_image[row, column, 1] = on_b / total
            weight_image[row, column, 2] = on_c / total


READY = True  # last, so that another thread never finds the module half loaded
