"""A small county in a real database: the people of `tests/protocol/world.py`, always on duty."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert

from bot.context import Context
from bot.request import CurrentMatter, NewMatter, OfMatter, Outcome, Request, Target
from bot.runner import run
from bot.settings import Settings
from protocol import events as e
from protocol.ids import MatterId, PersonId, ProgramId
from protocol.plan import Plan
from protocol.records import Matter
from storage import matters, people, tables
from storage.database import Database
from storage.sealing import Sealer
from tests.protocol.world import HELD_ROLES, JO, NOON, ON_DUTY, OUTSIDER, POLICY, SHELTER, ZONE

PROGRAM = ProgramId("county")
KEY = bytes(range(32))
# Transport time is another clock: the tests keep it well apart from the world's.
TRANSPORT = datetime(2031, 7, 1, tzinfo=UTC)
CHANNELS = {"field_safety": "C_FIELD", "clinical": "C_CLINICAL", "incidents": "C_INCIDENTS"}


def slack_id(person: PersonId) -> str:
    return f"U_{person.upper()}"


def populate(conn: Connection) -> None:
    """Add the program, its people with their roles and duties, and one place."""
    long_ago, far = NOON - timedelta(days=400), NOON + timedelta(days=400)
    policy = json.loads(POLICY.model_dump_json())
    conn.execute(
        insert(tables.program).values(
            id=PROGRAM,
            name="County peers",
            zone=ZONE,
            policy=policy,
            channels=CHANNELS,
            coordinator_line="+15550100",
            county_number="+15550199",
            created_at=long_ago,
        )
    )
    # The outsider is known to the workspace and has no role here.
    persons = dict.fromkeys([*(person for _, person in HELD_ROLES), OUTSIDER])
    conn.execute(
        insert(tables.person),
        [
            {
                "id": person,
                "slack_user": slack_id(person),
                "name": person.title(),
                "trained_until": far,
                "excludes": ["theo"] if person == JO else [],
                "created_at": long_ago,
            }
            for person in persons
        ],
    )
    conn.execute(
        insert(tables.role_grant),
        [
            {"program_id": PROGRAM, "person_id": person, "role": role, "from_at": long_ago}
            for role, person in HELD_ROLES
        ],
    )
    conn.execute(
        insert(tables.duty),
        [
            {
                "program_id": PROGRAM,
                "role": role,
                "person_id": person,
                "from_at": long_ago,
                "until_at": far,
            }
            for role, person in ON_DUTY
        ],
    )
    conn.execute(
        insert(tables.place).values(
            id=SHELTER.id, program_id=PROGRAM, label=SHELTER.label, created_at=long_ago
        )
    )
    people.set_duress(conn, Sealer([KEY]), JO, "b", "ok all good here")


def also_serves(conn: Connection, program: ProgramId, who: PersonId = JO) -> None:
    """Add another county, in which this person is a peer as well."""
    row = {
        "id": program,
        "name": "Other county",
        "zone": "America/Denver",
        "policy": json.loads(POLICY.model_dump_json()),
        "channels": {},
        "coordinator_line": "+15550222",
        "county_number": "+15550299",
        "created_at": NOON,
    }
    conn.execute(insert(tables.program).values(**row))
    grant = {"program_id": program, "person_id": who, "role": "peer", "from_at": NOON}
    conn.execute(insert(tables.role_grant).values(**grant))


@dataclass
class MovableClock:
    """The world's time stands until a test moves it; transport time goes its own way."""

    at: datetime = NOON
    transported: datetime = TRANSPORT

    def now(self) -> datetime:
        return self.at

    def transport(self) -> datetime:
        return self.transported

    def monotonic(self) -> float:
        return (self.transported - TRANSPORT).total_seconds()

    def pass_time(self, minutes: float) -> None:
        self.at += timedelta(minutes=minutes)
        self.transported += timedelta(minutes=minutes)


@dataclass
class County:
    """A context over one database, and its people doing things through the runner."""

    ctx: Context
    clock: MovableClock
    deliveries: int = field(default=0)

    @classmethod
    def on(cls, url: str) -> "County":
        database = Database.open(url)
        database.run_sync(populate)
        clock = MovableClock()
        return cls(Context(database, Sealer([KEY]), clock, Settings()), clock)

    async def does(
        self,
        person: PersonId,
        event: Callable[[PersonId], e.Event],
        target: Target | None = None,
        *,
        key: str = "",
        reply: bool = False,
    ) -> Outcome:
        """Run what a person does, as a delivery from Slack that was read."""
        self.deliveries += 1
        request = Request(
            key or f"delivery-{self.deliveries}",
            slack_id(person),
            target or CurrentMatter(),
            event,
            reply,
        )
        return await run(self.ctx, request)

    async def plans(
        self, person: PersonId, plan: Plan, matter: str = "m1", key: str = ""
    ) -> Outcome:
        now = self.clock.now()
        return await self.does(
            person, lambda by: e.PlanVisit(now, by, plan), NewMatter(MatterId(matter)), key=key
        )

    async def confirms(self, person: PersonId, matter: str = "m1", revision: int = 1) -> Outcome:
        now = self.clock.now()
        return await self.does(
            person, lambda by: e.ConfirmPlan(now, by, revision), OfMatter(MatterId(matter))
        )

    def matter(self, matter: str = "m1") -> Matter:
        found = self.ctx.database.run_sync(
            lambda conn: matters.load(conn, self.ctx.sealer, MatterId(matter))
        )
        assert found is not None, f"no matter {matter}"
        return found

    def rows(self, table: str) -> list:
        """All rows of a table, as they are stored."""
        statement = tables.metadata.tables[table].select()
        return self.ctx.database.run_sync(lambda conn: list(conn.execute(statement)))
