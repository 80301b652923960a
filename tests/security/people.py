"""Everybody who can press something, by what they are to one visit of Jo's and Sam's."""

from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, insert, update

from protocol.ids import ProgramId
from protocol.people import Role
from storage import tables
from tests.county import PROGRAM
from tests.protocol.world import NOON

VALLEY = ProgramId("valley")
COORDINATOR_LINE = "+15550123"
# Everybody of the county has this in their name: where it is shown, somebody was named.
SURNAME = "Countyperson"
BUS_STATION = "Bus station"

# What each of them is, and the Slack account with which they press. The last five are nobody here.
KINDS: Final[dict[str, str]] = {
    "worker": "U_JO",
    "partner": "U_SAM",
    "other worker": "U_KAI",
    "approver": "U_MAYA",
    "coordinator": "U_ROSA",
    "responder": "U_LIN",
    "clinical lead": "U_OMAR",
    "executive": "U_INES",
    "manager": "U_PAT",
    "former employee": "U_FAY",
    "moved away": "U_MO",
    "other program": "U_ZED",
    "guest": "U_GUEST",
    "stranger": "U_NOBODY",
}


def populate_others(conn: Connection) -> None:
    """Add, to the county of `tests.county`, who is not on the visit and who is not of the county.

    Fay left, and is in no program. Mo left for another program, where Zed has always been: both are
    coordinators there. A guest and a stranger are accounts of Slack that no file names.
    """
    long_ago = NOON - timedelta(days=400)
    here = conn.execute(tables.program.select()).mappings().one()
    conn.execute(
        insert(tables.program).values(
            {
                **here,
                "id": VALLEY,
                "name": "Valley peers",
                "channels": {},
                "coordinator_line": COORDINATOR_LINE,
            }
        )
    )
    named = tables.person.c.name
    conn.execute(update(tables.person).values(name=named + f" {SURNAME}"))
    added = (("kai", True), ("fay", False), ("mo", True), ("zed", True))
    conn.execute(
        insert(tables.person),
        [
            {
                "id": who,
                "slack_user": f"U_{who.upper()}",
                "name": f"{who.title()} {SURNAME}" if who == "kai" else who.title(),
                "active": active,
                "trained_until": NOON + timedelta(days=400),
                "excludes": [],
                "created_at": long_ago,
            }
            for who, active in added
        ],
    )
    conn.execute(
        insert(tables.place).values(
            id="bus", program_id=PROGRAM, label=BUS_STATION, created_at=long_ago
        )
    )
    ended = NOON - timedelta(days=1)
    held = (
        (PROGRAM, "kai", Role.PEER, None),
        (PROGRAM, "fay", Role.COORDINATOR, ended),
        (PROGRAM, "mo", Role.COORDINATOR, ended),
        (VALLEY, "mo", Role.COORDINATOR, None),
        (VALLEY, "zed", Role.COORDINATOR, None),
    )
    conn.execute(
        insert(tables.role_grant),
        [
            {
                "program_id": program,
                "person_id": who,
                "role": role,
                "from_at": long_ago,
                "until_at": until,
            }
            for program, who, role, until in held
        ],
    )
