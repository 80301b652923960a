"""An engine for tests: the shipped rows, without a model. What is asked is answered as told."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from bot.matrix import shipped
from bot.matrix.answer import Answer, Hit, Why
from bot.matrix.change import Outside, Phrase, apply
from bot.matrix.load import load
from bot.matrix.model import Matrix
from bot.matrix.words import Read
from protocol.people import Language

# A text that is told apart from everything that Belay says of itself.
SECRET = "zarzamora qwxyz 4417"


@cache
def matrix() -> Matrix:
    """The shipped rows; the phrasings, which take seconds to read, are left out."""
    return load({"matrix.yml": shipped.texts()["matrix.yml"]})


KNOWN = {
    "clinical_assessment": "tell me what he suffers from",
    "suicidal_intent": "she wrote a goodbye letter",
}
KNOWN_OUTSIDE = "what a game last night"


@cache
def with_words() -> Matrix:
    """The shipped rows, of which some know a few words."""
    said = [Phrase(row=key, language=Language.EN, text=text) for key, text in KNOWN.items()]
    return apply(matrix(), [*said, Outside(language=Language.EN, text=KNOWN_OUTSIDE)])


def hit(row: str, score: float = 0.9, *, live: bool = True, words: tuple[str, ...] = ()) -> Hit:
    """A row as the matcher finds it."""
    found = matrix().by_key[row]
    wide = matrix().wide(row)
    narrower = row if found.under else None
    why = Why("something much like it", 0.5, words)
    return Hit(wide.key, narrower, found.tier if live else None, score, float(live), why)


@dataclass
class FakeEngine:
    """This answers each text as it was told to, and every other one with nothing."""

    told: Mapping[str, tuple[Hit, ...]] = field(default_factory=dict)
    degraded: str | None = None
    fault: Exception | None = None
    asked: list[str] = field(default_factory=list)
    own: Matrix | None = None
    encoders: tuple[()] = ()

    @property
    def matrix(self) -> Matrix:
        return self.own or matrix()

    def grown(self, matrix: Matrix, encoders: object = None) -> "FakeEngine":
        """The same answers, by another matrix; those with rows that it lacks are nothing."""
        told = {
            text: tuple(hit for hit in hits if hit.row in matrix.by_key)
            for text, hits in self.told.items()
        }
        return replace(self, told=told, own=matrix)

    def ask(self, text: str) -> Answer:
        self.asked.append(text)
        if self.fault is not None:
            raise self.fault
        found = next((hits for part, hits in self.told.items() if part in text), ())
        return Answer(not found, found, (), Read(text), self.matrix.version, self.degraded)
