"""A crowd: many workers who all need somebody at once, so that pages wait for one conversation."""

from datetime import timedelta

from sqlalchemy import insert

from bot.request import HelpTarget
from protocol import events as e
from protocol.ids import MatterId, PersonId
from protocol.people import Role
from storage import tables
from tests.county import PROGRAM, slack_id
from tests.protocol.world import NOON

# To these three a call for help goes at once.
PLACES = ("DU_ROSA", "DU_LIN", "C_CLINICAL")


def workers(count):
    return [PersonId(f"peer{number:02}") for number in range(count)]


def hire(county, count):
    """Add so many peers to the program; returns who they are."""
    hired, long_ago = workers(count), NOON - timedelta(days=400)

    def add(conn):
        conn.execute(
            insert(tables.person),
            [
                {
                    "id": who,
                    "slack_user": slack_id(who),
                    "name": who.title(),
                    "trained_until": NOON + timedelta(days=400),
                    "excludes": [],
                    "created_at": long_ago,
                }
                for who in hired
            ],
        )
        conn.execute(
            insert(tables.role_grant),
            [
                {"program_id": PROGRAM, "person_id": who, "role": Role.PEER, "from_at": long_ago}
                for who in hired
            ],
        )

    county.ctx.database.run_sync(add)
    return hired


async def call_for_help(county, count, quiet=()):
    """Let so many call for help in one instant; those whose numbers are in `quiet` make no sound.

    Returns their matters.
    """
    matters = []
    for number, who in enumerate(hire(county, count)):
        form = e.HelpForm.QUIET if number in quiet else e.HelpForm.CALL
        matters.append(MatterId(f"m{number:02}"))
        now = county.clock.now()
        target = HelpTarget(None, matters[-1])
        await county.does(who, lambda by, now=now, form=form: e.Help(now, by, form), target)
    return matters


def text_of(message):
    """Everything that stands in a message."""
    return "\n".join(
        part["text"]["text"] for part in message.blocks if isinstance(part.get("text"), dict)
    )


def lists(said):
    """The lists among what was said: (place, text)."""
    return [(place.channel, text_of(message)) for place, message, key in said if "/burst/" in key]
