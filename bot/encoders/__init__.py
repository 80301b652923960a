"""This turns texts into vectors, on this machine: the only place that reads models and caches."""
