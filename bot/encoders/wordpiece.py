"""This cuts a text into the word pieces that BERT's family of models was trained on.

The same cut as the reference makes (lower case, accents off, punctuation apart, longest piece
first), held against it in tests/matrix. `wordpiece.txt` is the list of pieces of
all-MiniLM-L6-v2, which is bert-base-uncased's (Apache-2.0).
"""

import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

LONGEST_WORD: Final = 100  # letters; a longer one is unknown to the reference too
UNKNOWN, FIRST, LAST = "[UNK]", "[CLS]", "[SEP]"


@cache
def pieces() -> dict[str, int]:
    """Every piece with its number, which is its line."""
    text = files("bot.encoders").joinpath("wordpiece.txt").read_text(encoding="utf-8")
    return {piece: number for number, piece in enumerate(text.split("\n")) if piece}


def common_words() -> frozenset[str]:
    """The whole words among the pieces: some twenty thousand that nobody misspells into ours."""
    return frozenset(piece for piece in pieces() if piece.isalpha() and len(piece) > 1)


def numbers(text: str, most: int) -> list[int]:
    """The numbers of a text's pieces between first and last, cut off after `most` of them."""
    known = pieces()
    found = [number for word in _words(text) for number in _cut(word, known)]
    return [known[FIRST], *found[: most - 2], known[LAST]]


def _words(text: str) -> list[str]:
    kept = []
    for letter in unicodedata.normalize("NFD", text.lower()):
        kind = unicodedata.category(letter)
        if kind == "Mn" or letter == "\ufffd":
            continue
        if letter in "\t\n\r" or kind == "Zs":
            kept.append(" ")
        elif kind[0] == "C":
            continue
        elif _stands_alone(letter, kind):
            kept.append(f" {letter} ")
        else:
            kept.append(letter)
    return "".join(kept).split()


def _stands_alone(letter: str, kind: str) -> bool:
    number = ord(letter)
    if number < 128:
        return kind[0] in "PS"
    return kind[0] == "P" or any(low <= number <= high for low, high in _IDEOGRAPHS)


_IDEOGRAPHS: Final = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B920, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


def _cut(word: str, known: dict[str, int]) -> list[int]:
    if len(word) > LONGEST_WORD:
        return [known[UNKNOWN]]
    found, at = [], 0
    while at < len(word):
        for end in range(len(word), at, -1):
            number = known.get(("##" if at else "") + word[at:end])
            if number is not None:
                found.append(number)
                at = end
                break
        else:
            return [known[UNKNOWN]]
    return found
