"""This ships the defaults as data; read them with ``importlib.resources.files("config")``."""
