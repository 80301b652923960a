"""This is the Web API: one module per family of methods, one function per method."""

from sandbox.api import (
    apps,
    chat,
    conversations,
    files,
    people,
    pins,
    reactions,
    scheduling,
    usergroups,
    views,
)
from sandbox.api.call import METHODS

__all__ = [
    "METHODS",
    "apps",
    "chat",
    "conversations",
    "files",
    "people",
    "pins",
    "reactions",
    "scheduling",
    "usergroups",
    "views",
]
