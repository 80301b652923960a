"""The moments in which people press: one county for each, made by the runner and never changed.

Whatever is tried on one is rolled back, so that a hundred people may press on the same moment.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, event

from bot.handlers.standing import confirm as confirm_standing
from bot.matrix import quizzing
from bot.matrix.change import Phrase, dump
from bot.request import HelpTarget, NewMatter, OfMatter
from bot.runner import Write
from bot.scheduler.sweep import Sweep
from bot.slack.modals.standing import Confirming
from protocol import events as e
from protocol import quiz as rules
from protocol import standing as standing_rules
from protocol.calls import CallRoll
from protocol.ids import MatterId, PersonId, PlaceId
from protocol.matter import blank
from protocol.offers import Handed, OfferHandover
from protocol.override import LowerRating
from protocol.people import Language
from protocol.plan import Stop
from protocol.quiz import Quiz
from protocol.rating import Factor, FlagKind, Rating
from protocol.records import Accounted, Finding
from protocol.standing import Standing
from protocol.trigger import RaiseTrigger, WriteConsult
from storage import deadlines, flags, proposals, quizzes, standings, tables
from storage.database import Database
from storage.proposals import Proposal
from storage.revision_tables import Source
from tests.answering import matrix
from tests.county import PROGRAM, County
from tests.protocol.world import (
    JO,
    LIN,
    MAYA,
    NOON,
    OMAR,
    POLICY,
    ROSA,
    SAM,
    SHELTER,
    page_of,
    plan,
)
from tests.security import huddle_deeds
from tests.security.people import populate_others

M1 = MatterId("m1")
STANDING, FLAG, QUIZ, PROPOSAL = "s1", "f1", "quiz1", "proposal1"
KAI = PersonId("kai")
# What a delivery leaves behind whether or not it did anything: that it came, what is answered, and
# how often a row was, which names nobody.
BESIDE: Final = frozenset({"inbound", "home", "matrix_asked"})


class Undone(Database):
    """This is a database in which nothing stays; `wrote` names the tables that were written to."""

    wrote: set[str]
    # Each is shown what one transaction wrote, before it is undone.
    looks: list[Callable[[Connection], None]]

    @classmethod
    def over(cls, database: Database) -> "Undone":
        made = cls(database.engine, threads=1)
        made.wrote, made.looks = set(), []
        event.listen(database.engine, "after_cursor_execute", made._noted)
        return made

    def run_sync(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with self.engine.connect() as conn, conn.begin() as transaction:
            try:
                found = fn(conn, *args, **kwargs)
                for look in self.looks if self.did() else ():
                    look(conn)
                return found
            finally:
                transaction.rollback()

    def _noted(
        self, _conn: Any, cursor: Any, statement: str, given: Any, _context: Any, _many: bool
    ) -> None:
        verb, _, rest = statement.partition(" ")
        if verb in ("INSERT", "UPDATE", "DELETE") and cursor.rowcount:
            table = rest.removeprefix("INTO ").removeprefix("FROM ").split()[0].strip('"')
            self.wrote.add("reply" if table == "outbox" and "Reply" in str(given) else table)

    def did(self) -> bool:
        """Whether anything changed that somebody else could notice."""
        return bool(self.wrote - BESIDE - {"reply"})


@dataclass
class Moment:
    """This is a county at one moment; `mark` and `revision` are those that people were shown."""

    county: County
    database: Undone
    mark: int = 0
    revision: int = 0
    one: int = 1


async def _does(c: County, who: PersonId, kind: Any, *more: Any, matter: str = M1) -> None:
    now = c.clock.now()
    outcome = await c.does(who, lambda by: kind(now, by, *more), OfMatter(MatterId(matter)))
    assert outcome.decision is not None
    assert not outcome.decision.refused, outcome.decision.reason


async def planned(c: County) -> None:
    """Jo and Sam plan a low visit. Kai's waits, too; a standing plan, a flag and a proposal.

    Jo has begun the questions about the matrix.
    """
    await c.plans(JO, plan(partner=SAM))
    await c.plans(KAI, plan(stops=(Stop("Library"),)), "m2")
    found = standing_rules.ask(STANDING, blank(MatterId(""), PROGRAM, JO), plan(), (1, 2), 30, NOON)
    assert isinstance(found, Standing)
    c.ctx.database.run_sync(lambda conn: standings.add(conn, found, JO, NOON))
    c.ctx.database.run_sync(
        lambda conn: flags.raise_one(
            conn,
            c.ctx.sealer,
            POLICY,
            flag_id=FLAG,
            program=PROGRAM,
            place=PlaceId("bus"),
            kind=FlagKind.CONCERN,
            author=ROSA,
            at=NOON,
            evidence="a dog",
        )
    )
    asked = rules.as_asked(rules.choose(QUIZ, quizzing.items(matrix())))
    begun = Quiz(QUIZ, PROGRAM, JO, matrix().version, asked, NOON)
    c.ctx.database.run_sync(quizzes.add, begun)
    c.ctx.database.run_sync(_propose)


def _propose(conn: Connection) -> None:
    """Jo wants other words to lead to a row; what that does to the answers is worked out."""
    version, row = matrix().version, "clinical_assessment"
    words = Phrase(kind="phrase", row=row, language=Language.EN, text="tell me what he has")
    changes = tuple(dump([words]))
    proposals.add(
        conn,
        Proposal(PROPOSAL, PROGRAM, version, Source.HUDDLE, changes, "asked often", JO, NOON),
    )
    proposals.put_effect(conn, PROPOSAL, {"against": version, "asked": 74})


async def standing(c: County) -> None:
    """The same, and Rosa has confirmed the standing plan."""
    await planned(c)
    confirming = Confirming("U_ROSA", STANDING, 30, None)
    assert c.ctx.database.run_sync(confirm_standing, Write.of(c.ctx), confirming) is None


async def elevated(c: County) -> None:
    """An elevated visit is planned."""
    await c.plans(JO, plan(partner=SAM, factors=frozenset({Factor.ENCAMPMENT})))


async def lowering(c: County) -> None:
    """The same, and Maya wants it rated lower."""
    await elevated(c)
    await _does(c, MAYA, LowerRating, 1, Rating.LOW, "the van stands there all day")


async def alone(c: County) -> None:
    """Jo is out alone, on a low visit that Rosa has confirmed."""
    await c.plans(JO, plan(start_in=5))
    await c.confirms(ROSA)
    c.clock.pass_time(5)
    await _does(c, JO, e.Arrive)


async def underway(c: County) -> None:
    """Both are there, at the first of two stops, on a visit that Rosa has confirmed."""
    stops = (Stop(SHELTER.label, SHELTER.id), Stop("Library"))
    await c.plans(JO, plan(start_in=5, partner=SAM, stops=stops))
    await c.confirms(ROSA)
    c.clock.pass_time(5)
    for who in (JO, SAM):
        await _does(c, who, e.Arrive)


async def called(c: County) -> None:
    """Rosa asked everybody who is out; Jo and Sam are to start now and are still on the way."""
    await c.plans(JO, plan(start_in=5, partner=SAM))
    await c.confirms(ROSA)
    c.clock.pass_time(6)
    now = c.clock.now()
    await c.does(ROSA, partial(CallRoll, now), NewMatter(MatterId("call")))


async def missed(c: County) -> None:
    """Nobody heard from them: the second rung has paged Lin, and nobody has it."""
    await underway(c)
    while LIN not in _paged(c):
        due = c.ctx.database.run_sync(deadlines.next_due)
        assert due is not None
        c.clock.at = max(c.clock.at, due)
        await Sweep(c.ctx).work()


async def tapped(c: County) -> None:
    """The same, and both have tapped since, which somebody who was paged may confirm."""
    await missed(c)
    for who in (JO, SAM):
        await _does(c, who, e.CheckIn, "a")


async def taken(c: County) -> None:
    """The same as `missed`, and Rosa has it."""
    await missed(c)
    await _does(c, ROSA, e.Acknowledge)


async def offered(c: County) -> None:
    """Rosa wants to hand it to Omar."""
    await taken(c)
    await _does(c, ROSA, OfferHandover, OMAR, Handed.ESCALATION)


async def help_closing(c: County) -> None:
    """Both called for help; Rosa says that they are accounted for, and a second has to agree."""
    await underway(c)
    now = c.clock.now()
    for who in (JO, SAM):
        await c.does(who, lambda by: e.Help(now, by, e.HelpForm.CALL), HelpTarget(M1, M1))
    mark = c.matter().open_escalation.mark  # type: ignore[union-attr]
    await _does(c, ROSA, e.Close, mark, Accounted.SPOKEN, Finding.LATE)


async def raised(c: County) -> None:
    """Jo paged for what she heard: Lin was paged, and nobody has it."""
    now = c.clock.now()
    await c.does(JO, lambda by: RaiseTrigger(now, by, now, page_of()), NewMatter(M1))


async def consulted(c: County) -> None:
    """The same, and Lin wrote back."""
    await raised(c)
    await _does(c, LIN, WriteConsult, "seen today", c.clock.now() + timedelta(hours=1))


MOMENTS: Final[dict[str, Callable[[County], Awaitable[None]]]] = {
    made.__name__: made
    for made in (
        planned,
        standing,
        elevated,
        lowering,
        alone,
        underway,
        called,
        missed,
        tapped,
        taken,
        offered,
        help_closing,
        raised,
        consulted,
    )
}


@contextmanager
def county(folder: Path, name: str) -> Iterator[County]:
    """This is an empty county with everybody in it, on a file of its own."""
    url = f"sqlite:///{folder / f'{name}.db'}"
    database = Database.open(url)
    tables.metadata.create_all(database.engine)
    database.dispose()
    made = County.on(url)
    made.ctx.database.run_sync(populate_others)
    made.ctx.database.run_sync(huddle_deeds.populate)
    try:
        yield made
    finally:
        made.ctx.database.dispose()


def _paged(c: County) -> tuple[PersonId, ...]:
    escalation = c.matter().open_escalation
    return escalation.paged if escalation else ()


def moment(c: County) -> Moment:
    """The county as it is now, from where nothing stays."""
    matter = c.matter()
    escalation, visit = matter.open_escalation, matter.visit
    return Moment(
        c,
        Undone.over(c.ctx.database),
        escalation.mark if escalation else 0,
        visit.revision if visit else 0,
    )
