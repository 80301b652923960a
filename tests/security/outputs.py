"""Everything that leaves Belay, or stands in its database, after something was typed into it.

Looked at inside the transaction that wrote it, with two hours of the clock after it: the pages, the
channels' posts and the incident thread are those that would really have been sent.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from bot.reports import out
from bot.runner import Write, run_many
from bot.scheduler import compose
from bot.slack import homes, render
from bot.slack.render.view import Rendered
from protocol.effects import ThreadNote
from storage import deadlines, outbox, tables
from tests.security.desk import Desk

LEASE: Final = timedelta(seconds=1)
LOOK_FOR: Final = timedelta(hours=2)
STEPS_MAX: Final = 12


@dataclass
class Outputs:
    """This gathers the words of one delivery, by where they can be read."""

    desk: Desk
    found: dict[str, list[str]] = field(default_factory=dict)

    def look(self, conn: Connection) -> None:
        """Take down everything that this transaction wrote and that follows from it."""
        ctx = self.desk.moment.county.ctx
        at, transport = ctx.clock.now(), ctx.clock.transport()
        self._add("who is out", out.text(out.read(conn, at), at))
        for user in ("U_ROSA", "U_JO"):
            self._add("homes", homes.draw(homes.read(conn, user, at)).view)
        self._climb(conn, Write(ctx.sealer, at, transport))
        for row in outbox.claim(conn, transport + LOOK_FOR, 200, LEASE):
            self._send(conn, row)
        self.rows(conn)

    def rows(self, conn: Connection) -> None:
        """Take down what stands in the tables that were written to, as a copy of them shows it."""
        for table in tables.metadata.sorted_tables:
            if table.name in self.desk.moment.database.wrote:
                where = "audit" if table.name.startswith("audit") else "rows"
                self._add(where, [tuple(row) for row in conn.execute(table.select())])

    def _climb(self, conn: Connection, write: Write) -> None:
        for _ in range(STEPS_MAX):
            due_at = deadlines.next_due(conn)
            if due_at is None or due_at > write.at + LOOK_FOR:
                return
            later = Write(write.sealer, max(due_at, write.at), write.transport_now)
            column = tables.matter.c
            due = select(column.id).where(column.attempt_at <= later.at, column.active)
            run_many(conn, later, conn.execute(due).scalars().all())

    def _send(self, conn: Connection, row: outbox.OutboxRow) -> None:
        sealer = self.desk.moment.county.ctx.sealer
        if row.kind == ThreadNote.__name__:
            message = render.message(row.effect, compose._view(conn, sealer, row, row.effect))
            self._said("incident threads", message)
            return
        draft = compose.compose(conn, sealer, row)
        letters = draft.letters if isinstance(draft, compose.Edits) else ()
        if isinstance(draft, compose.Edits):
            for standing, message in draft.edits:
                self._said("messages" if standing.person else "channels", message)
        if isinstance(draft, compose.Letter):
            letters = (draft,)
        for letter in letters:
            where = "messages" if letter.user else "channels"
            if row.kind == "OpenThread":
                where = "incident threads"
            self._said(where, letter.message)

    def _said(self, where: str, message: Rendered) -> None:
        self._add("lock screens", message.text)
        self._add(where, message.blocks)

    def _add(self, where: str, words: Any) -> None:
        self.found.setdefault(where, []).append(str(words))
