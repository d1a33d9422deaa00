"""The head model as data: arrays, parameters, landmarks, and the files they come from."""

from studio.flame.files import load_model
from studio.flame.model import JOINT_NAMES, Corrective, HeadModel, LandmarkEmbedding
from studio.flame.params import Params

__all__ = ["JOINT_NAMES", "Corrective", "HeadModel", "LandmarkEmbedding", "Params", "load_model"]
