"""An answer under duress and an OK are the same work: same statements, same sizes, same answer.

How long they take is measured over 1,000 answers by `make security`.
"""

import pytest
from sqlalchemy import event

from tests.security import states
from tests.security.desk import Desk
from tests.security.gestures import button
from tests.security.timing import DURESS, ORDINARY, told
from tests.slack.payloads import command, message


class Statements:
    """This notes every statement with the sizes of what goes into it."""

    def __init__(self, engine):
        self.seen = []
        event.listen(engine, "after_cursor_execute", self._noted)

    def _noted(self, _conn, _cursor, statement, given, _context, _many):
        rows = given if isinstance(given, list) else [given]
        self.seen.append((statement, [size(row) for row in rows]))

    def taken(self):
        seen, self.seen = self.seen, []
        return seen


def size(row):
    return [len(value) if isinstance(value, str | bytes) else type(value).__name__ for value in row]


def taps(action):
    return [button(action, said=said) for said in (ORDINARY, DURESS)]


def said(make, *words):
    return [lambda _at, text=text: make(text) for text in words]


PHRASES = ("ok all good now", "ok all good here")  # the second is Jo's, as long as the first


@pytest.mark.parametrize(
    ("moment", "both"),
    [
        ("called", taps("arrive")),
        ("alone", taps("ok")),
        ("alone", taps("clear")),
        ("alone", said(message, *PHRASES)),
        ("alone", said(lambda text: command("/checkin", text[3:]), *PHRASES)),
        ("tapped", taps("ok")),
    ],
)
async def test_both_answers_are_the_same_work(tmp_path, moment, both):
    with states.county(tmp_path, moment) as county:
        await states.MOMENTS[moment](county)
        desk = Desk(states.moment(county))
        await desk.door.learn()
        noted = Statements(county.ctx.database.engine)
        done = []
        for make in (both[0], *both):  # once before, so that nothing is done for the first time
            noted.taken()
            done.append((await desk.gets(make(desk.moment)), noted.taken()))
        (_, ordinary, duress) = done
    assert duress[0] == ordinary[0]
    assert duress[0].did
    assert duress[1] == ordinary[1]
    assert len(duress[1]) > 10


def test_who_can_tell_is_told_from_who_cannot():
    same = [float(number) for number in range(100)]
    assert told(same, same).guess == 0.5
    assert told(same, [one + 1000 for one in same]).guess == 1
    assert told([1.0] * 9, [1.0] * 9).guess == 0.5
    assert told(same, [one + 5 for one in same]).apart == 5
