"""This turns names that a person types into ids, as Slack's client does."""

import re

from sandbox.workspace import Workspace

NAME = re.compile(r"(?<![\w<@#&.])([@#])([a-z0-9][a-z0-9._-]*)")


def with_ids(workspace: Workspace, text: str, *, names: bool = False) -> str:
    """This writes @ana as <@U1>, @leads as <!subteam^S1> and #field as <#C1>; others stay.

    `names` adds what was typed, <@U1|ana>, as in commands whose manifest says should_escape.
    """
    people = {person.name: person.id for person in workspace.people.values()}
    groups = {g.handle: g for g in workspace.groups.values() if not g.date_delete}
    channels = {c.name: c.id for c in workspace.channels.values() if c.name and not c.is_private}

    def swap(found: re.Match[str]) -> str:
        """This is the reference for one typed name."""
        sign, typed = found.groups()
        name = typed.rstrip(".-_")
        rest = typed[len(name) :]
        if sign == "@" and name in groups:
            mention = groups[name].mention
            return f"{mention}|@{name}>{rest}" if names else f"{mention}>{rest}"
        known = (people if sign == "@" else channels).get(name)
        if known is None:
            return found.group()
        return f"<{sign}{known}|{name}>{rest}" if names else f"<{sign}{known}>{rest}"

    return NAME.sub(swap, text)
