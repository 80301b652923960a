"""Messages that need nothing of the rules or the renderer: rows of the outbox that hold their text.

They can be sent whatever is wrong with a matter, and where there is none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from protocol.ids import MatterId, PersonId, ProgramId
from protocol.policy import ChannelRole
from storage.database import insert
from storage.tables import outbox

PAGE: Final = "PlainPage"
NEWS: Final = "PlainNews"
KINDS: Final = (PAGE, NEWS)
SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class Text:
    """This is one message in plain words, to a person or into a channel (exactly one of them).

    A channel that somebody in `avoid` can read does not get it. `press` is a button below it: the
    id of its action, and what it carries.
    """

    key: str
    kind: str
    text: str
    to: PersonId | None = None
    channel: ChannelRole | None = None
    avoid: tuple[PersonId, ...] = ()
    press: tuple[str, str] | None = None


def add(
    conn: Connection,
    program: ProgramId,
    about: MatterId | None,
    texts: Iterable[Text],
    *,
    at: datetime,
    transport_now: datetime,
) -> int:
    """Add these to the outbox, due now; one whose key is there already was said before.

    Returns how many are new.
    """
    rows = [
        {
            "key": f"{program}/{text.key}",
            "program_id": program,
            "matter_id": about,
            "kind": text.kind,
            "priority": 0 if text.kind == PAGE else 2,
            "to_person": text.to,
            "channel": text.channel,
            "lane": None,
            "body": _body(text),
            "body_schema": SCHEMA,
            "created_at": at,
            "queued_at": transport_now,
            "attempt_at": transport_now,
        }
        for text in texts
    ]
    new = insert(conn, outbox).on_conflict_do_nothing()
    return conn.execute(new, rows).rowcount if rows else 0


def _body(text: Text) -> dict[str, object]:
    body: dict[str, object] = {"text": text.text, "avoid": list(text.avoid)}
    return {**body, "press": list(text.press)} if text.press else body
