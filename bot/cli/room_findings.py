"""What `doctor` finds in Slack about a program's channels and people."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any, Final

from bot.cli.findings import Finding, Kind
from bot.slack.audience import Audience, Call, Why, is_outsider
from bot.slack.send import Refusal, Unknown
from protocol.ids import PersonId
from protocol.policy import ChannelRole

# Why a channel gets nothing, and what to do; {channel} is its Slack id.
CHANNELS: Final[dict[Kind, tuple[str, str]]] = {
    Kind.CHANNEL_CLOSED: (
        "Belay is not in it",
        "Slack shows Belay no {channel}: send /invite @Belay there, or correct its id.",
    ),
    Kind.CHANNEL_ARCHIVED: (
        "it is archived",
        "{channel} is archived: restore it, or name another channel and invite Belay there.",
    ),
    Kind.CHANNEL_PUBLIC: (
        "anybody in the workspace could read it",
        "{channel} is public: make it private, in its settings.",
    ),
    Kind.CHANNEL_SHARED: (
        "another workspace could read it",
        "{channel} is shared outside: stop sharing it, or name another channel.",
    ),
    Kind.CHANNEL_GUESTS: (
        "guests or people from outside could read it",
        "{channel} has such members: remove them, or name another channel.",
    ),
    Kind.CHANNEL_CROWDED: (
        "too many people could read it",
        "{channel} is too large to look at: name one with only the people it needs.",
    ),
    Kind.CHANNEL_UNREAD: (
        "Slack did not say who can read it",
        "Slack did not answer about {channel}: mend what stands above, and try again in a minute.",
    ),
}
WHY: Final = {
    Why.GONE: Kind.CHANNEL_CLOSED,
    Why.PUBLIC: Kind.CHANNEL_PUBLIC,
    Why.SHARED: Kind.CHANNEL_SHARED,
    Why.GUESTS: Kind.CHANNEL_GUESTS,
    Why.TOO_MANY: Kind.CHANNEL_CROWDED,
    Why.UNKNOWN: Kind.CHANNEL_UNREAD,
}
UNREACHED: Final = "{who} cannot be reached in Slack."
# What is wrong with somebody's Slack id: for people, and for the operator.
PEOPLE: Final[dict[Kind, tuple[str, str]]] = {
    Kind.PERSON_UNKNOWN: (UNREACHED, "nobody in this workspace has it"),
    Kind.PERSON_DEACTIVATED: (UNREACHED, "that account is deactivated"),
    Kind.PERSON_BOT: (UNREACHED, "that is an app, not a person"),
    Kind.PERSON_OUTSIDE: (
        "Belay may not reach {who}, and a channel that {who} is in gets nothing.",
        "that is a guest, or somebody of another workspace",
    ),
}


async def of_channels(
    call: Call, channels: Mapping[str, Mapping[ChannelRole, str]], now: datetime
) -> AsyncIterator[Finding]:
    """Whether each channel of each program may be posted to, by the rule that delivery goes by."""
    audience = Audience(call, lambda: now)
    for program, named in channels.items():
        for role, channel in named.items():
            await asyncio.wait({audience.refresh(channel)})
            kind = WHY.get(audience.verdict(channel))
            if kind is Kind.CHANNEL_CLOSED and await _is_archived(call, channel):
                kind = Kind.CHANNEL_ARCHIVED
            if kind is not None:
                why, remedy = CHANNELS[kind]
                name = f"The {role.value.replace('_', ' ')} channel of {program}"
                yield Finding(
                    kind,
                    f"{name} gets nothing: {why}. People are told directly instead.",
                    f"{name}: {remedy.format(channel=channel)}",
                )
    await audience.close()


async def of_people(
    call: Call, people: Mapping[PersonId, str], own_team: str
) -> AsyncIterator[Finding]:
    """Whether Slack knows everybody by the id that the programs give."""
    for who, user in sorted(people.items()):
        try:
            kind = await _kind_of(call, user, own_team)
        except (Refusal, Unknown) as problem:
            yield Finding(
                Kind.PERSON_UNREAD,
                "Whether Slack reaches everybody is not known.",
                f"Slack did not say who {who} is ({problem.code}), and nobody after them was "
                "asked about: try again in a minute.",
            )
            return
        if kind is not None:
            unreached, what = PEOPLE[kind]
            yield Finding(
                kind,
                unreached.format(who=who),
                f"The Slack id of {who} is {user}, and {what}: correct it in the program's file, "
                "or take them off the rota, and apply it.",
            )


async def _kind_of(call: Call, user: str, own_team: str) -> Kind | None:
    try:
        found: dict[str, Any] = (await call("users.info", user=user))["user"]
    except Refusal as refusal:
        if refusal.code in {"user_not_found", "user_not_visible"}:
            return Kind.PERSON_UNKNOWN
        raise
    if found.get("deleted"):
        return Kind.PERSON_DEACTIVATED
    if found.get("is_bot"):
        return Kind.PERSON_BOT
    return Kind.PERSON_OUTSIDE if is_outsider(found, own_team) else None


async def _is_archived(call: Call, channel: str) -> bool:
    try:
        return bool((await call("conversations.info", channel=channel))["channel"]["is_archived"])
    except (Refusal, Unknown):
        return False
