"""Which words may be a worker's private phrase: not too short, and not what anybody writes for OK.

A phrase is found anywhere in a message that begins with an answer. One that people write in
passing would page everybody on an ordinary day, and one that sounds like danger gives it away.
"""

import re
from enum import StrEnum
from typing import Final

WORDS_MIN: Final = 3
LETTERS_MIN: Final = 12
LETTERS_MAX: Final = 80


class Weakness(StrEnum):
    """This is why words cannot be a private phrase."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    ORDINARY = "ordinary"
    SOUNDS_LIKE_DANGER = "sounds_like_danger"


# What an OK is made of, in both languages; a phrase needs a word that is not among them.
ORDINARY: Final = frozenset(
    """a about again ahead all alright am an and are arrived at back be been better bit busy can
    check checked checking clear done doing everything feel feeling fine for from get go going
    gone good got great had happy have he hello here hey hi home i i'll i'm i've ill im in is it
    it's its ive just leaving left little long me more moving my nice no not now of off ok okay
    okey on one out over quiet really ready right safe see she so soon still stop sure thank
    thanks that the then there they thing things this time to today too up us very was we we're
    well were will with yeah yep yes you
    ahora ahí ahi aquí aqui bien bueno buena casa claro como con de del el ella en es está esta
    estamos están estan estoy fuera gracias hola la lo los las me mi mucho muy no nos ok para por
    pronto que sí si salgo salimos saliendo sigo seguro segura todavía todavia todo todos tranquilo
    tranquila un una va vale voy y ya yo""".split()
)
# Words that an attacker would listen for, or that call for help by themselves.
DANGER: Final = frozenset(
    """911 sos help danger dangerous duress emergency attack attacked gun knife weapon police threat
    threatened hostage kidnapped trouble unsafe scared afraid hurt
    ayuda peligro emergencia policía policia arma cuchillo pistola amenaza miedo auxilio socorro
    secuestro""".split()
)


def weakness(phrase: str) -> Weakness | None:
    """Why this cannot be somebody's private phrase; None where it can."""
    words = re.findall(r"[\w']+", phrase.casefold())
    letters = sum(len(word) for word in words)
    # A phrase that begins as an answer does is found without its first word as well.
    telling = [word for word in words if word not in ORDINARY and len(word) > 1]
    checks = (
        (len(phrase) > LETTERS_MAX, Weakness.TOO_LONG),
        (len(words) < WORDS_MIN or letters < LETTERS_MIN, Weakness.TOO_SHORT),
        (not DANGER.isdisjoint(words), Weakness.SOUNDS_LIKE_DANGER),
        (len(set(telling)) < 2, Weakness.ORDINARY),
    )
    return next((found for applies, found in checks if applies), None)
