"""This writes a matrix as one YAML file; reading it again gives the same matrix."""

from collections.abc import Mapping

import yaml

from bot.matrix.model import Matrix
from bot.matrix.packs import Phrases


class _Writer(yaml.SafeDumper):
    """This writes text as it is read back: quoted wherever it could be taken for another thing."""


def _text(writer: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    # The reader knows fewer plain values than YAML does; in quotes both mean text.
    return writer.represent_scalar("tag:yaml.org,2002:str", value, style='"')


_Writer.add_representer(str, _text)


def export(matrix: Matrix) -> str:
    """The matrix as YAML."""
    data = matrix.model_dump(mode="json", exclude={"rows", "packs", "background"})
    data["rows"] = [row.model_dump(mode="json", exclude_defaults=True) for row in matrix.rows]
    for row in data["rows"]:
        # Of an optional part only what is said is written, but a row says what kind it is.
        row.setdefault("call_first", [])
    data["packs"] = {
        key: {
            "row": pack.row,
            "live": {name: _phrases(one) for name, one in pack.live.items()},
            "not_live": {name.value: _phrases(one) for name, one in pack.not_live.items()},
            "denied": [denied.model_dump(mode="json") for denied in pack.denied],
        }
        for key, pack in matrix.packs.items()
    }
    data["background"] = {name: _phrases(one) for name, one in matrix.background.items()}
    return yaml.dump(data, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=100)


def _phrases(phrases: Phrases) -> Mapping[str, object]:
    found: dict[str, list[object]] = {}
    for language, phrase in phrases.all():
        text = {"text": phrase.text, "also": list(phrase.also)} if phrase.also else phrase.text
        found.setdefault(language, []).append(text)
    return found
