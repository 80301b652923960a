"""This is the Web API: one module per family of methods, one function per method."""

from sandbox.api import apps, chat, conversations, people, scheduling, views
from sandbox.api.call import METHODS

__all__ = ["METHODS", "apps", "chat", "conversations", "people", "scheduling", "views"]
