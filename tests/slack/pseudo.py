"""A language in which every translated sentence stands in brackets: what has none escaped."""

import gettext
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from tests.catalogue import extracted

_BRACKETED = re.compile(r"⟦[^⟦⟧]*⟧")
_CUT = re.compile(r"⟦[^⟦⟧]*…")
# Instants are written by CLDR, not by the catalogue.
_INSTANT = re.compile(r"([A-Z][a-z]{2} [A-Z][a-z]{2} \d{1,2}, )?\d{1,2}:\d\d [AP]M( [A-Z]{3})?")
_LETTERS = re.compile(r"[^\W\d_]+")


class Pseudo(gettext.NullTranslations):
    """This brackets the sentences that were found in the code, and leaves others as they are."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧" if message in found() else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@cache
def found() -> frozenset[str]:
    """Every sentence that is in the catalogue, in each of its forms."""
    ids = [message.id for message in extracted() if message.id]
    return frozenset(text for id_ in ids for text in ([id_] if isinstance(id_, str) else id_))


def escaped(text: str) -> list[str]:
    """The words of a text that did not come out of the catalogue."""
    left, before = text, ""
    while left != before:
        left, before = _CUT.sub("", _BRACKETED.sub("", left)), left
    return _LETTERS.findall(_INSTANT.sub("", left))


def texts(drawn: Any) -> Iterator[str]:
    """Everything that Slack would show of blocks, views and answers."""
    if isinstance(drawn, list | tuple):
        for part in drawn:
            yield from texts(part)
    elif isinstance(drawn, dict):
        if drawn.get("type") in ("plain_text", "mrkdwn"):
            yield drawn["text"]
            return
        for name, part in drawn.items():
            if isinstance(part, dict | list | tuple):
                yield from texts(part)
            elif name == "text":
                yield part
