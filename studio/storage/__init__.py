"""Files from strangers, and files of ours: safe reading, whole writing."""
