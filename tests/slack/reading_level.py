"""This measures how hard a text is to read: the Flesch-Kincaid grade."""

import re

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
