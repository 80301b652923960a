"""This measures how hard a text is to read, in English and in Spanish."""

import re
from itertools import pairwise

_VOWELS = re.compile(r"[aeiouy]+")


def grade(text: str) -> float:
    """The school grade in which a text can be read (Kincaid 1975): 0.39 W/S + 11.8 Y/W - 15.59."""
    sentences = [part for part in re.split(r"[.!?:\n]+", text) if re.search(r"[a-zA-Z]", part)]
    words = re.findall(r"[A-Za-z']+", text)
    if not words or not sentences:
        return 0.0
    syllables = sum(map(count_syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def count_syllables(word: str) -> int:
    """The syllables of an English word, counted by its groups of vowels."""
    word = word.lower().strip("'")
    groups = len(_VOWELS.findall(word))
    silent_e = word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1
    silent_ed = word.endswith("ed") and not word.endswith(("ted", "ded")) and groups > 1
    return max(1, groups - silent_e - silent_ed)


_WEAK = "iuüy"
_SPANISH_VOWELS = re.compile(r"[aeiouáéíóúü]+(?:y\b)?|y\b")


def ease_in_spanish(text: str) -> float:
    """How easy a Spanish text is to read, from 0 to 100: 206.84 - 60 Y/W - 1.02 W/S.

    Fernández Huerta 1959, with words per sentence in the second term as G. Law corrected it (2011).
    60 is where "normal" begins, read in eighth grade; 70 is "rather easy", 80 "easy".
    """
    sentences = [part for part in re.split(r"[.!?:\n]+", text) if re.search(r"[^\W\d_]", part)]
    words = re.findall(r"[^\W\d_]+", text.lower())
    if not words or not sentences:
        return 100.0
    syllables = sum(map(count_spanish_syllables, words))
    return 206.84 - 60 * syllables / len(words) - 1.02 * len(words) / len(sentences)


def count_spanish_syllables(word: str) -> int:
    """The syllables of a Spanish word: strong vowels are one each, a weak one joins another."""
    count = 0
    for run in _SPANISH_VOWELS.findall(word.lower()):
        strong = [letter not in _WEAK for letter in run]
        count += 1 + sum(one and other for one, other in pairwise(strong))
    return max(1, count)
