"""A head from photos, films, landmarks, meshes and scans.

What is known stands in an :class:`~studio.fitting.observation.Observation`, what is sought in a
:class:`~studio.fitting.state.FitState`, how it is sought in a :class:`~studio.fitting.recipe.Recipe`; a
:class:`~studio.fitting.run.FitRun` goes through its stages one iteration at a time.
"""
