"""More workers for the simulated county: each with a role, half of them with a duress choice."""

from datetime import timedelta

from sqlalchemy import Connection, insert

from protocol.ids import PersonId
from protocol.people import Role
from protocol.situation import DuressChoice, Situation, Worker
from storage import people, tables
from storage.sealing import Sealer
from tests.county import KEY, PROGRAM, slack_id
from tests.protocol.world import NOON, situation

DURESS, PHRASE = "b", "ok all good here"


def worker(number: int) -> PersonId:
    return PersonId(f"w{number}")


def add_workers(conn: Connection, count: int) -> None:
    """Add so many peers to the program of `tests/county.py`."""
    long_ago, far = NOON - timedelta(days=400), NOON + timedelta(days=400)
    names = [worker(number) for number in range(count)]
    persons = [
        {
            "id": name,
            "slack_user": slack_id(name),
            "name": name.title(),
            "trained_until": far,
            "excludes": [],
            "created_at": long_ago,
        }
        for name in names
    ]
    conn.execute(insert(tables.person), persons)
    role = {"program_id": PROGRAM, "role": Role.PEER, "from_at": long_ago}
    conn.execute(insert(tables.role_grant), [{"person_id": name, **role} for name in names])
    for name in names[::2]:
        people.set_duress(conn, Sealer([KEY]), name, DURESS, PHRASE)


def world_of(count: int) -> Situation:
    """The world as the rules see it with these workers, to foresee what an event would do."""
    around = situation()
    trained = NOON + timedelta(days=400)
    choice = DuressChoice(DURESS, PHRASE)
    for number in range(count):
        name = worker(number)
        around.workers[name] = Worker(name, trained, (), None if number % 2 else choice)
    return around
