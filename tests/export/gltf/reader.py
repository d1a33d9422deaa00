"""A player of GLB files in float64, written from the glTF 2.0 specification and not from the writer.

pygltflib opens the container; accessors, interpolation, morphing and skinning are done here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from pygltflib import GLTF2

TYPES = {5121: "<u1", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}


@dataclass
class Player:
    gltf: GLTF2
    content: bytes

    @classmethod
    def open(cls, path: Path) -> Player:
        gltf = GLTF2().load_binary(str(path))
        return cls(gltf, gltf.binary_blob())

    def _bytes(self, view: int, offset: int = 0) -> bytes:
        found = self.gltf.bufferViews[view]
        assert found.byteStride is None
        start = found.byteOffset or 0
        return self.content[start + offset : start + found.byteLength]

    def array(self, index: int) -> np.ndarray:
        """An accessor, sparse or not, as (count, width)."""
        accessor = self.gltf.accessors[index]
        width, kind = WIDTHS[accessor.type], TYPES[accessor.componentType]
        values = np.zeros((accessor.count, width), kind)
        if accessor.bufferView is not None:
            raw = self._bytes(accessor.bufferView, accessor.byteOffset or 0)
            values = np.frombuffer(raw, kind, accessor.count * width).reshape(-1, width).copy()
        if accessor.sparse is not None:
            count = accessor.sparse.count
            places = np.frombuffer(
                self._bytes(accessor.sparse.indices.bufferView),
                TYPES[accessor.sparse.indices.componentType],
                count,
            )
            assert (np.diff(places.astype(int)) > 0).all()
            rows = np.frombuffer(self._bytes(accessor.sparse.values.bufferView), kind, count * width)
            values[places] = rows.reshape(-1, width)
        return values

    @property
    def primitive(self):
        return self.gltf.meshes[0].primitives[0]

    @property
    def names(self) -> list[str]:
        return self.gltf.meshes[0].extras.get("targetNames", [])

    @property
    def extras(self) -> dict:
        return self.gltf.meshes[0].extras

    @property
    def rows(self) -> np.ndarray:
        """The model's vertex (M,) of each row."""
        return np.r_[np.arange(self.extras["vertices"]), np.array(self.extras["copies_of"], int)]

    @cached_property
    def base(self) -> np.ndarray:
        return self.array(self.primitive.attributes.POSITION).astype(np.float64)

    @cached_property
    def normals(self) -> np.ndarray:
        return self.array(self.primitive.attributes.NORMAL).astype(np.float64)

    @cached_property
    def moved(self) -> np.ndarray:
        """What each target adds to the positions (K, M, 3)."""
        targets = self.primitive.targets or []
        return np.array([self.array(target["POSITION"]) for target in targets], np.float64)

    @cached_property
    def target_normals(self) -> np.ndarray:
        targets = self.primitive.targets or []
        return np.array([self.array(target["NORMAL"]) for target in targets], np.float64)

    @cached_property
    def faces(self) -> np.ndarray:
        return self.array(self.primitive.indices).reshape(-1, 3).astype(int)

    @cached_property
    def skin_weights(self) -> np.ndarray:
        """The weights (M, J) of the joints of the skin, all sets added up."""
        joints = self.gltf.skins[0].joints
        weights = np.zeros((len(self.base), len(joints)))
        rows = np.arange(len(self.base))
        for number in range(2):
            index = getattr(self.primitive.attributes, f"JOINTS_{number}", None)
            if index is None:
                continue
            chosen = self.array(index)
            shares = self.array(getattr(self.primitive.attributes, f"WEIGHTS_{number}"))
            for column in range(4):
                np.add.at(weights, (rows, chosen[:, column]), shares[:, column])
        return weights

    @cached_property
    def tracks(self) -> dict[tuple[int, str], tuple[np.ndarray, np.ndarray]]:
        """Times and values by node and path."""
        found = {}
        for animation in self.gltf.animations:
            for channel in animation.channels:
                sampler = animation.samplers[channel.sampler]
                assert sampler.interpolation == "LINEAR"
                times, values = self.array(sampler.input)[:, 0], self.array(sampler.output)
                key = (channel.target.node, channel.target.path)
                assert key not in found
                found[key] = (times.astype(np.float64), values.reshape(len(times), -1).astype(np.float64))
        return found

    def at(self, node: int, path: str, default: np.ndarray, time: float) -> np.ndarray:
        """A property of a node at ``time`` in seconds; quaternions are blended with the signs they have."""
        if (node, path) not in self.tracks:
            return np.asarray(default, np.float64)
        times, values = self.tracks[node, path]
        index = int(np.clip(np.searchsorted(times, time, side="right") - 1, 0, max(len(times) - 2, 0)))
        if len(times) == 1:
            return values[0]
        share = np.clip((time - times[index]) / (times[index + 1] - times[index]), 0.0, 1.0)
        first, second = values[index], values[index + 1]
        if path != "rotation":
            return (1 - share) * first + share * second
        apart, together = np.linalg.norm(first - second), np.linalg.norm(first + second)
        angle = 2.0 * np.arctan2(apart, together)  # keeps its digits where both are nearly the same
        if angle < 1e-6:
            return (1 - share) * first + share * second
        return (np.sin((1 - share) * angle) * first + np.sin(share * angle) * second) / np.sin(angle)

    def weights(self, time: float) -> np.ndarray:
        mesh_node = next(index for index, node in enumerate(self.gltf.nodes) if node.mesh is not None)
        default = self.gltf.meshes[0].weights
        return self.at(mesh_node, "weights", np.zeros(0) if default is None else np.array(default), time)

    def places(self, time: float) -> dict[int, np.ndarray]:
        """The global matrix of every node."""
        found: dict[int, np.ndarray] = {}

        def walk(index: int, above: np.ndarray) -> None:
            node = self.gltf.nodes[index]
            local = np.eye(4)
            local[:3, :3] = matrix(self.at(index, "rotation", node.rotation or [0, 0, 0, 1], time))
            local[:3, 3] = self.at(index, "translation", node.translation or [0, 0, 0], time)
            found[index] = above @ local
            for child in node.children or []:
                walk(child, found[index])

        for root in self.gltf.scenes[self.gltf.scene].nodes:
            walk(root, np.eye(4))
        return found

    def vertices(self, time: float) -> np.ndarray:
        """The vertices (M, 3) as a viewer places them at ``time``."""
        morphed = self.base
        if len(self.moved):
            morphed = morphed + np.tensordot(self.weights(time), self.moved, 1)
        skin, places = self.gltf.skins[0], self.places(time)
        binds = self.array(skin.inverseBindMatrices).reshape(-1, 4, 4).transpose(0, 2, 1).astype(np.float64)
        points = np.concatenate([morphed, np.ones((len(morphed), 1))], axis=1)
        posed = np.zeros((len(morphed), 4))
        for column, joint in enumerate(skin.joints):
            posed += self.skin_weights[:, column, None] * (points @ (places[joint] @ binds[column]).T)
        return posed[:, :3]

    def joints(self, time: float) -> dict[str, np.ndarray]:
        """Where each named node is."""
        places = self.places(time)
        return {self.gltf.nodes[index].name: place[:3, 3] for index, place in places.items()}


def matrix(quaternion: np.ndarray) -> np.ndarray:
    """The rotation matrix of a quaternion x, y, z, w: the columns are q e q*."""
    x, y, z, w = np.asarray(quaternion, np.float64) / np.linalg.norm(quaternion)

    def product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.r_[a[3] * b[:3] + b[3] * a[:3] + np.cross(a[:3], b[:3]), a[3] * b[3] - a[:3] @ b[:3]]

    q, conjugate = np.array([x, y, z, w]), np.array([-x, -y, -z, w])
    return np.stack([product(product(q, np.r_[axis, 0.0]), conjugate)[:3] for axis in np.eye(3)], axis=1)
