"""This is where the known questions that come with Belay stand: config/known.yml."""

from functools import cache
from importlib import resources

from bot.matrix import effect
from bot.matrix.effect import Known


@cache
def questions() -> tuple[Known, ...]:
    """The known questions that are shipped; the same for every program."""
    return effect.shipped(resources.files("config").joinpath("known.yml").read_text("utf-8"))
