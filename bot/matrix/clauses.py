"""This takes a text apart: its clauses, and what in it is only mentioned to be denied.

A denial never silences a trigger by itself. The text is read again without the denied part: where
the rest still tells of the trigger, the facts contradict the denial and the trigger stays; where
it asks for something else, that is the answer.
"""

import re
from typing import Final

MOST_CLAUSES: Final = 4
FEWEST_WORDS: Final = 3

_TURN: Final = (
    r"but|however|just|only|needs?|wants?|asks?|asking|looking|requesting|also|can|could|who|"
    r"how|where|pero|aunque|solo|sólo|nada más|nomas|necesita|quiere|pide|ocupa|busca|también|"
    r"tambien|quién|quien|cómo|como|dónde|donde|puedo"
)
_SPLIT: Final = re.compile(
    r"[;!?\n]+|\.+(?!\d)|\s[-–—/]\s|,\s+(?=(?:and|y|also|plus|but|pero)\b)"
    r"|\s(?=(?:but|pero|however|and also|y también|y tambien|plus|besides|además|ademas)\b)"
)
_DENIAL: Final = re.compile(
    r"\b(?:den(?:ies|ied|ying)|negative for|no (?:current |active |passive )?(?:suicid|homicid)"
    r"|no (?:thoughts|plan|intent|plans)\b|not (?:suicidal|homicidal|in danger)"
    r"|(?:is|are|was|'s|’s) ?(?:not|n't) (?:suicidal|going to (?:hurt|kill|harm))"
    r"|(?:isn|aren|wasn)'?t (?:suicidal|going to (?:hurt|kill|harm))"
    r"|(?:nobody|no one|no-one)(?:'s| is|’s) (?:hurt|in (?:any )?(?:crisis|danger|trouble))"
    r"|(?:is|are|was|'s|’s|'re) ?(?:not|n't) (?:hurt|in (?:any )?(?:crisis|danger|trouble))"
    r"|nadie (?:está|esta|anda) (?:herid[oa]|en (?:crisis|peligro))"
    r"|(?:doesn|don|didn)'?t (?:want|mean|plan) to (?:die|hurt|kill|harm|use)"
    r"|niega|negó|nego|niegan|negando|sin (?:ideas|ideación|ideacion|intención|intencion|plan)\b"
    r"|no (?:tiene|trae|presenta) (?:ideas|ideación|ideacion|pensamientos|intención|intencion|plan)"
    r"|no (?:se )?quiere (?:morir|matar|hacerse|hacer)(?:se)?)"
    rf"(?:(?!\b(?:{_TURN})\b|[,.;!?\n]).)*",
)


def clauses(text: str) -> tuple[str, ...]:
    """The parts of a text that may each ask for something; none where it is one part."""
    parts = [part.strip(" ,") for part in _SPLIT.split(text)]
    found = tuple(part for part in parts if len(part.split()) >= FEWEST_WORDS)[:MOST_CLAUSES]
    return found if len(found) > 1 else ()


def without_denials(text: str) -> str | None:
    """The text without what it denies; None where it denies nothing or nothing else is left."""
    rest = _DENIAL.sub(" ", text)
    if rest == text or len(re.findall(r"\w+", rest)) < FEWEST_WORDS:
        return None
    return " ".join(rest.split())
