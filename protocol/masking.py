"""Takes out of a question whatever could tell about whom it is, before it may be kept as a gap.

More than `identifiers` does: a gap is read in a huddle, by people who need no name, day or number.
What it takes out for nothing costs a word; what it leaves may name somebody. So it errs that way.
"""

import re
from typing import Final
from unicodedata import name

from protocol.identifiers import MASK, mask

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo"
    r"|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
)
# What Slack writes for people, channels and links; and what people type for them.
_SLACK = re.compile(r"<[@#!][^>]*>|<(?:https?|mailto|tel):[^>]*>|(?<!\w)@[\w.-]+")
_DATES = re.compile(
    rf"\b\d{{1,4}}[/.-]\d{{1,2}}(?:[/.-]\d{{1,4}})?\b|\b{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+|de\s+)?{_MONTH}\b(?:\s+(?:de\s+)?\d{{4}})?",
    re.IGNORECASE,
)
_LONG = re.compile(r"\b(?=[\w-]*\d{4})[\w-]+\b")
_CALLED = re.compile(
    r"\b(named|name is|name's|called|goes by|se llama|llamad[oa]|de nombre|nombre es|apodad[oa])"
    r"((?:\s+(?!\[)[\w'’.-]+){1,3})",
    re.IGNORECASE,
)
_CLIENT = re.compile(
    r"\b((?:my|our|this|the|a|mi|nuestr[oa]|est[ae]|el|la|un|una)\s+"
    r"(?:client[ea]?|participante?|patient|paciente|resident[ea]?|member)|mr|mrs|ms|miss|señora?"
    r"|sra?|don|doña)\b\.?[ ,]+([^\W\d_][\w'’-]*)",
    re.IGNORECASE,
)
# A word with a capital inside a sentence is a name or a place, or may go all the same.
_CAPITAL = re.compile(r"(?<=[\w,;:)\]] )(?!I\b)[A-ZÁÉÍÓÚÑ][a-záéíóúñü]+(?:['’-][\w]+)*")
# What follows "my client" and is no name.
_WORDS: Final = frozenset(
    (
        "is isn't was wasn't has hasn't had hasnt isnt wasnt wants want needs need asked asks "
        "asking ask said says saying told tells keeps kept got gets getting and or who whose "
        "whom that which will won't wont would can can't cant cannot could should may might "
        "must does doesn't doesnt did didn't didnt do dont don't in on at to for from with "
        "without about after before by of just still now today tonight not never always also "
        "only really feels feeling felt seems looks looking lost left went goes going came "
        "comes coming been being be took takes taking ran runs used uses using relapsed "
        "overdosed died missed refuses refused made makes called calls calling texted texts "
        "threw gave gives have having ghosted stopped started lives living thinks thinking "
        "wrote owes owns smells stole hit hits broke brought showed moved es está esta estaba "
        "era fue tiene tenía tenia no ya quiere necesita pide pidió pidio dice dijo me nos se "
        "le lo la que quien y o con sin en de del al para por a va iba vino viene anda puede "
        "debe sigue perdió perdio dejó dejo llama llamó llamo usa usó uso murió murio salió "
        "salio ha había habia siempre nunca solo sólo también tambien cree piensa siente vive"
    ).split()
)
# Said by somebody of themselves. Such a text is never kept, even where no row was found for it.
_OWN_LIFE = re.compile(
    r"\b(?:kill|hurt|cut|harm)(?:ing)?\s+(?:me|myself)\b|\bmyself\b|\bmy own\b"
    r"|\bi(?:'?m| am| was)?\s+"
    r"(?:relaps\w*|used|using|slipped|drank|drunk|drinking|high|suicidal|assaulted|harassed|raped"
    r"|want to die|wanna die)\b|\b(?:hit|grabbed|touched|groped|threatened|harass\w*|assault\w*)"
    r" me\b|\bmy (?:boss|supervisor|coworker|co-worker)\b|\bmí mism[oa]\b|\bmi mism[oa]\b"
    r"|\b(?:matarme|morirme|cortarme|lastimarme|hacerme daño|me quiero morir|quiero morir"
    r"|recaí|recai|volví a usar|volvi a usar|tomé de nuevo|me acosa\w*|me pegó|me pego|me tocó"
    r"|me toco|mi jefe|mi jefa|mi supervisora?)\b",
    re.IGNORECASE,
)


def masked(text: str) -> str:
    """The text without whatever may tell about whom it is."""
    text = _SLACK.sub(MASK, text)
    text = mask(text)
    text = _CALLED.sub(_called, text)
    text = _CLIENT.sub(_client, text)
    text = _DATES.sub(MASK, text)
    text = _LONG.sub(MASK, text)
    return " ".join(_CAPITAL.sub(MASK, text).split())


def can_be_masked(text: str) -> bool:
    """Whether there are words in it, and only in letters in which names can be looked for."""
    letters = [one for one in text if one.isalpha()]
    return bool(letters) and all(name(one, "").startswith("LATIN") for one in letters)


def of_ones_own_life(text: str) -> bool:
    """Whether somebody may be speaking of their own life; then nothing of it is kept at all."""
    return _OWN_LIFE.search(text) is not None


def _called(found: re.Match[str]) -> str:
    """The first word after "named" goes, whatever it is, and what may belong to it."""
    _first, *more = found[2].split()
    kept = next((no for no, word in enumerate(more) if word.casefold() in _WORDS), len(more))
    return " ".join([found[1], MASK, *more[kept:]])


def _client(found: re.Match[str]) -> str:
    if found[2].casefold().replace("’", "'") in _WORDS:
        return found[0]
    return f"{found[1]} {MASK}"
