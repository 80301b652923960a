"""The figures on questions that you have: they are read here, and never printed."""

import json
from pathlib import Path

from bot.matrix.checks import same_words
from bot.matrix.engine import Engine
from bot.matrix.learn import all_examples
from bot.matrix.model import URGENT, Matrix
from tests.matrix.bench.scores import Question, Tally
from tests.report import Row

NEAR = 0.8  # of the words that two texts have in all, those that they share


def read(file: Path) -> list[Question]:
    """The questions of a file."""
    lines = filter(str.strip, file.read_text(encoding="utf-8").splitlines())
    found = map(json.loads, lines)
    return [
        Question(
            str(one["id"]),
            one["text"],
            tuple(one["expected"]),
            bool(one["urgent"]),
            one["kind"],
            one.get("notes") or "",
        )
        for one in found
    ]


def measure(way: str, engine: Engine, file: Path) -> tuple[list[Row], list[str]]:
    """The figures of one way of matching, and its errors by id."""
    matrix, tally = engine.matrix, Tally()
    urgent = {matrix.wide(row.key).key for row in matrix.rows if row.tier in URGENT}
    for question in read(file):
        tally.add(question, engine.ask(question.text), urgent)
    return tally.rows(f"questions, {way}"), [f"{way}:", *tally.detail()]


def copies(matrix: Matrix, file: Path) -> list[Row]:
    """How many questions stand in the packs, in these or nearly these words. There must be none."""
    found = near_duplicates([one.text for one in all_examples(matrix)], read(file))
    ids = " ".join(found) or "none"
    return [Row("questions that stand in the packs, nearly", ids, "none", not found)]


def near_duplicates(known: list[str], asked: list[Question]) -> list[str]:
    """The ids of questions whose words are nearly those of something known."""
    bags = [frozenset(same_words(text).split()) for text in known]
    bags = [bag for bag in bags if len(bag) > 2]
    return [
        question.id
        for question in asked
        if (own := frozenset(same_words(question.text).split()))
        and any(len(own & bag) >= NEAR * len(own | bag) for bag in bags)
    ]
