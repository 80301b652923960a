"""This is where a program's safety policy comes from: the shipped defaults and what it changes."""

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

from protocol.policy import Policy
from storage import program_yaml


def defaults() -> dict[str, object]:
    """This is `config/policy.yml` as plain values, to lay a program's own figures over."""
    text = resources.files("config").joinpath("policy.yml").read_text(encoding="utf-8")
    data = program_yaml.read(text).data
    assert isinstance(data, dict)
    return data


def merged(base: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    """This lays `over` on `base`, name by name; a list replaces the whole list."""
    result = dict(base)
    for name, value in over.items():
        below = result.get(name)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            result[name] = merged(below, value)
        else:
            result[name] = value
    return result


def write(policy: Policy) -> str:
    """This writes a policy as it is stored."""
    return policy.model_dump_json()


@lru_cache(maxsize=64)
def parse(text: str) -> Policy:
    """This reads a stored policy; the same text is parsed once, as a sweep asks for it often."""
    return Policy.model_validate_json(text)
