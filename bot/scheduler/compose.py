"""What a row of the outbox becomes: a letter, edits of messages that stand, or nothing.

One transaction reads everything; nothing here talks to Slack. A page that cannot be drawn is sent
in plain words: whatever is wrong with the matter, somebody waits for help.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import Connection, Select, select, update

from bot.scheduler import bursts, plain
from bot.slack import looking, render
from bot.slack.ids import Action
from bot.slack.render.blocks import actions, button
from bot.slack.render.page import latest
from bot.slack.render.trigger import for_channel
from bot.slack.render.view import MatterView, Rendered, Thread
from bot.slack.words import news
from bot.slack.words import pages as words
from bot.slack.words.speech import _, speaking
from protocol.effects import (
    Ask,
    Asked,
    Effect,
    OpenThread,
    Page,
    PostApproval,
    PostPage,
    PostStandDown,
    Refresh,
    Said,
    Surface,
    Tell,
    ThreadNote,
)
from protocol.ids import MatterId, PersonId, ProgramId
from protocol.matter import blank
from protocol.records import SILENT, Matter
from storage import matters, messages, outbox, people, programs
from storage.codec import Sealing
from storage.homes import CARD
from storage.messages import Standing
from storage.outbox import OutboxRow
from storage.tables import matter as matter_rows
from storage.tables import outbox as outbox_rows

PAGES: Final = (Page.__name__, PostPage.__name__, plain.PAGE, bursts.LIST)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """This is one new message. `user` is the Slack id of who gets it, else it is for a channel.

    A channel does not get it while somebody in `avoid` (Slack ids) can read it. `standing` is what
    will be recorded, but for where it came to stand.
    """

    key: str
    message: Rendered
    standing: Standing
    user: str | None = None
    channel: str | None = None
    thread: str | None = None
    avoid: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Edits:
    """This is a kept message in all its places: those to edit, and those that do not stand yet."""

    edits: tuple[tuple[Standing, Rendered], ...] = ()
    letters: tuple[Letter, ...] = ()
    avoid: frozenset[str] = frozenset()
    version: int = 0


@dataclass(frozen=True, slots=True)
class Nowhere:
    """This cannot be sent, and the code says why; `later` where that may change soon."""

    code: str
    later: bool = False


Draft = Letter | Edits | Nowhere


def compose(conn: Connection, sealer: Sealing, row: OutboxRow, workspace: str = "") -> Draft:
    """Make a row's draft from what is true now, in the language of whoever reads it.

    `workspace` is Slack's address, for links; "" while it is not known. Raises for what cannot be
    read, unless it is a page.
    """
    if row.kind == CARD:
        return _card_again(conn, sealer, row)
    effect = None if row.kind in plain.KINDS else row.effect
    if isinstance(effect, Refresh):
        return _edits(conn, _view(conn, sealer, row, effect, workspace), row, effect)
    with speaking(people.languages(conn, row.program, [row.to])[row.to]):
        if effect is None:
            return _in_plain_words(conn, row)
        return _new(conn, lambda: _view(conn, sealer, row, effect, workspace), row, effect)


def _card_again(conn: Connection, sealer: Sealing, row: OutboxRow) -> Draft:
    """Somebody's card as a new message, because they asked for it; it is kept up to date too."""
    view = _with_matter(conn, sealer, row)
    with speaking(people.languages(conn, row.program, [row.to])[row.to]):
        message = render.surface(Surface.WORKER_CARD, view)
    standing = Standing(
        row.program,
        row.matter,
        "",
        "",
        surface=Surface.WORKER_CARD,
        person=row.to,
        shown_version=view.matter.version,
        outbox_key=row.key,
    )
    return addressed(conn, row, Letter(row.key, message, standing), ())


def _new(conn: Connection, look: Callable[[], MatterView], row: OutboxRow, effect: Effect) -> Draft:
    if not isinstance(effect, Page):
        view = look()
        return _letter(conn, row, effect, render.message(effect, view), view.matter)
    try:
        view = look()
        message, matter = render.message(effect, view), view.matter
    except Exception:
        log.exception("compose.page_not_drawn", outbox_key=row.key)
        message, matter = _undrawn(conn, row.program, effect), None
    return _letter(conn, row, effect, message, matter)


def record(
    conn: Connection, row: OutboxRow, where: Standing, *, at: datetime, transport_now: datetime
) -> None:
    """Record that a row's message stands, in the transaction that marks the row sent.

    What changed while the call was under way did not find this message to edit: it is asked for.
    """
    outbox.sent(conn, row, where, transport_now)
    if where.thread and where.matter is not None:
        _let_notes_follow(conn, where.matter, transport_now)
    _catch_up(conn, where, at, transport_now)


def record_letter(
    conn: Connection, where: Standing, *, at: datetime, transport_now: datetime
) -> None:
    """Record one new place of a kept message; its row is marked when all are done."""
    messages.record(conn, where, transport_now)
    _catch_up(conn, where, at, transport_now)


def ask_instead(
    conn: Connection, row: OutboxRow, code: str, *, at: datetime, transport_now: datetime
) -> int:
    """Give up on a channel, and ask the people named for that case; returns how many those are."""
    # The rows in plain words and the cards hold no effect that could be read.
    effect = row.effect if row.kind == PostApproval.__name__ else None
    asks: list[Effect] = []
    if isinstance(effect, PostApproval):
        asks = [Ask(f"{effect.key}/{who}", who, Asked.APPROVE, at) for who in effect.instead]
    if outbox.undeliverable(conn, row, code) and asks:
        outbox.add(conn, row.program, row.matter, asks, at=at, transport_now=transport_now)
        return len(asks)
    return 0


def _catch_up(conn: Connection, where: Standing, at: datetime, transport_now: datetime) -> None:
    if where.surface is None or where.matter is None:
        return
    version = conn.execute(_version_of(where.matter)).scalar_one()
    if version > where.shown_version:
        refresh = Refresh(f"{where.matter}/catch-up", where.surface)
        outbox.add(conn, where.program, where.matter, [refresh], at=at, transport_now=transport_now)


def _version_of(which: MatterId) -> Select[int]:
    return select(matter_rows.c.version).where(matter_rows.c.id == which)


def _in_plain_words(conn: Connection, row: OutboxRow) -> Draft:
    text, press = str(row.body["text"]), row.body.get("press")
    message = Rendered(_(news.LOCK_PAGE), (_section(text),)) if row.kind == plain.PAGE else None
    if press and message is None:
        pressed = button(Action(press[0]), str(press[1]))
        message = Rendered(_(news.LOCK_NEWS), (_section(text), actions("press", [pressed])))
    standing = Standing(row.program, row.matter, "", "", person=row.to, channel=row.channel)
    letter = Letter(row.key, message or Rendered(text), standing)
    return addressed(conn, row, letter, row.body.get("avoid", ()))


def _letter(
    conn: Connection, row: OutboxRow, effect: Effect, message: Rendered, matter: Matter | None
) -> Draft:
    episode: int | None = None
    surface: Surface | None = None
    match effect:
        case Page() | PostPage():
            surface, episode = Surface.PAGES, int(effect.episode.split(".")[0])
        case Ask(asked=Asked.APPROVE) | PostApproval():
            surface = Surface.APPROVAL
        case OpenThread():
            surface, episode = Surface.THREAD, effect.episode
        case Tell(said=Said.ROLL_CALL):
            surface = Surface.ROLL_CALL
        case _:
            pass
    standing = Standing(
        row.program,
        row.matter,
        "",
        "",
        surface=surface,
        person=row.to,
        channel=row.channel,
        episode=episode,
        thread=isinstance(effect, OpenThread),
        shown_version=matter.version if matter else 0,
        outbox_key=row.key,
    )
    letter = Letter(row.key, message, standing)
    avoid: Iterable[PersonId] = ()
    if isinstance(effect, PostPage | PostStandDown | OpenThread):
        avoid = effect.avoid
    if isinstance(effect, ThreadNote) and row.matter is not None:
        head = messages.thread_of(conn, row.matter, effect.episode)
        if head is None:
            return Nowhere("no_thread", later=_may_open(conn, row.matter, effect.episode))
        letter = replace(letter, thread=head.ts)
        avoid = kept_from(matter) if matter else ()
    return addressed(conn, row, letter, avoid)


def _may_open(conn: Connection, matter: MatterId, episode: int) -> bool:
    """Whether the head of a thread is still to come: then its notes wait for it."""
    column = outbox_rows.c
    heads = conn.execute(
        select(outbox_rows).where(column.matter_id == matter, column.kind == OpenThread.__name__)
    )
    lost = ("undeliverable", "void")
    # One that was sent since `thread_of` looked counts as well.
    return any(head.outcome not in lost for head in heads if int(head.body["episode"]) == episode)


def _let_notes_follow(conn: Connection, matter: MatterId, transport_now: datetime) -> None:
    """Let the notes that waited for their thread be sent now; tried anew, they keep their order."""
    column = outbox_rows.c
    waiting = (
        column.matter_id == matter,
        column.kind == ThreadNote.__name__,
        column.attempt_at.is_not(None),
        column.claimed_by.is_(None),
    )
    conn.execute(update(outbox_rows).where(*waiting).values(attempt_at=transport_now, attempts=0))


def addressed(
    conn: Connection, row: OutboxRow, letter: Letter, avoid: Iterable[PersonId]
) -> Letter | Nowhere:
    """Say where a row's letter goes; Nowhere where that person or channel is not known to Slack."""
    if row.to is not None:
        user = people.slack_ids(conn, [row.to]).get(row.to)
        return replace(letter, user=user) if user else Nowhere("no_slack_user")
    program = programs.by_id(conn, row.program)
    channel = program.channels.get(row.channel) if program and row.channel else None
    if channel is None:
        return Nowhere("no_channel")
    return replace(letter, channel=channel, avoid=_slack_ids(conn, avoid))


def _edits(conn: Connection, view: MatterView, row: OutboxRow, effect: Refresh) -> Draft:
    matter = view.matter
    standing = messages.standing(conn, matter.id, effect.surface)
    if effect.surface in (Surface.PAGES, Surface.THREAD) and matter.escalations:
        # Older escalations of this matter have their last word; this is not theirs.
        standing = [one for one in standing if one.episode in (None, latest(view).no)]
    missing = _without_card(matter, standing) if effect.surface is Surface.WORKER_CARD else []
    stale = [one for one in standing if one.shown_version < matter.version]
    if not stale and not missing:
        return Edits(version=matter.version)
    readers = [*missing, *(one.person for one in stale)]
    languages = people.languages(conn, row.program, readers)
    faces = {who: (languages[who], _taken_off(effect, matter, who), who is None) for who in readers}
    drawn = {face: _drawn(effect.surface, view, *face) for face in set(faces.values())}
    users = people.slack_ids(conn, missing)
    letters = tuple(
        Letter(
            f"{row.program}/{matter.id}/card/{who}",
            drawn[faces[who]],
            Standing(
                row.program,
                matter.id,
                "",
                "",
                surface=effect.surface,
                person=who,
                shown_version=matter.version,
                outbox_key=row.key,
            ),
            user=users[who],
        )
        for who in missing
        if who in users
    )
    edits = tuple((one, drawn[faces[one.person]]) for one in stale)
    return Edits(edits, letters, _slack_ids(conn, kept_from(matter)), matter.version)


def _taken_off(effect: Refresh, matter: Matter, who: PersonId | None) -> bool:
    """Whether this is the card of somebody who is no longer on the visit."""
    return effect.surface is Surface.WORKER_CARD and who not in matter.members


def _drawn(
    surface: Surface, view: MatterView, language: str, off: bool, in_channel: bool
) -> Rendered:
    view = for_channel(view) if in_channel else view
    with speaking(language):
        return render.former_card(view) if off else render.surface(surface, view)


def _without_card(matter: Matter, standing: list[Standing]) -> list[PersonId]:
    have = {one.person for one in standing}
    return [who for who in matter.members if who not in have]


def _view(
    conn: Connection, sealer: Sealing, row: OutboxRow, effect: Effect, workspace: str = ""
) -> MatterView:
    view = _with_matter(conn, sealer, row, _named_by(effect))
    paged = isinstance(effect, Page | PostPage)
    refreshed = isinstance(effect, Refresh) and effect.surface is Surface.PAGES
    return _with_thread(conn, view, workspace) if paged or refreshed else view


def _with_thread(conn: Connection, view: MatterView, workspace: str) -> MatterView:
    head = messages.thread_of(conn, view.matter.id, latest(view).no)
    return replace(view, thread=Thread(head.slack_channel, head.ts, workspace)) if head else view


def _with_matter(
    conn: Connection, sealer: Sealing, row: OutboxRow, named: Iterable[PersonId] = ()
) -> MatterView:
    matter = matters.load(conn, sealer, row.matter) if row.matter else None
    if matter is None:
        # An answer to a tap that opened nothing is about nothing.
        matter = blank(MatterId(""), row.program, row.to or PersonId(""))
    return looking.view(conn, sealer, matter, named)


def _named_by(effect: Effect) -> set[PersonId]:
    named = (getattr(effect, part, None) for part in ("to", "about", "by", "closed_by"))
    return {who for who in named if who is not None}


def kept_from(matter: Matter) -> tuple[PersonId, ...]:
    """Who must not read about this matter in a channel: those whom a silent call is about."""
    silent = matter.silent or any(one.kind in SILENT for one in matter.escalations)
    if not silent:
        return ()
    excluded = (who for one in matter.escalations for who in one.excluded)
    return (*matter.members, *excluded)


def _slack_ids(conn: Connection, ids: Iterable[PersonId]) -> frozenset[str]:
    found = people.by_ids(conn, ids).values()
    return frozenset(one.slack_user for one in found if one.slack_user)


def _undrawn(conn: Connection, which: ProgramId, effect: Page) -> Rendered:
    try:
        program = programs.by_id(conn, which)
    except ValueError:
        program = None
    warning = words.WARNING.get(effect.kind)
    said = _(words.UNDRAWN, line=program.coordinator_line) if program else _(words.UNDRAWN_NO_LINE)
    text = f"{_(warning)}\n{said}" if warning else said
    return Rendered(_(news.LOCK_PAGE), (_section(text),))


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}
