"""The command that gives a worker their private way to say that they are not safe.

It is shown once, in this terminal, to be told in person. It never goes through Slack: what stands
in a conversation can be read by whoever holds the phone.
"""

import secrets
from typing import Annotated, Final

import typer
from sqlalchemy import Connection

from bot.cli import base
from bot.context import Context
from bot.slack.ids import ANSWERS
from protocol.ids import PersonId
from storage import people

duress_commands = typer.Typer(help="Workers' private choices.", no_args_is_help=True)

# Words that anybody might write while out. A message counts as an answer when it begins with OK.
PHRASES: Final = (
    "say hi to the office",
    "my socks are soaked again",
    "will write it up tomorrow",
    "bus was packed again",
    "need a coffee after this",
    "weather is holding up",
    "left my soup at the huddle",
    "crows on the wire again",
)
UPPER_OR_LOWER: Final = dict(zip(ANSWERS, ("upper", "lower"), strict=True))
NO_PERSON = "There is no person {who}. Ids stand in the program's file. Nothing was changed."
CARD = """{name} ({who}), to be told in person and practised, and written down nowhere:
  Tapping:  the {row} of the two OK buttons means "I am not safe".
  Writing:  a message that begins with OK and has the words "{phrase}".
  Either looks like an ordinary OK to everybody. The responders see: do not call or message them.
"""


@duress_commands.command("assign")
def assign(
    who: Annotated[list[str], typer.Argument(help="Ids of workers.")],
) -> None:
    """Give each of these workers a new private choice, and show it here once."""
    chosen = [(PersonId(one), secrets.choice(ANSWERS), secrets.choice(PHRASES)) for one in who]

    def give(conn: Connection, ctx: Context) -> dict[PersonId, str] | str:
        names = people.names(conn, [one for one, _, _ in chosen])
        absent = [one for one, _, _ in chosen if one not in names]
        if absent:
            return absent[0]
        for one, button, phrase in chosen:
            people.set_duress(conn, ctx.sealer, one, button, phrase)
        return names

    given = base.run(lambda ctx: ctx.database.run(give, ctx))
    if isinstance(given, str):
        typer.echo(NO_PERSON.format(who=given), err=True)
        raise typer.Exit(base.FOUND)
    for one, button, phrase in chosen:
        row = UPPER_OR_LOWER[button]
        typer.echo(CARD.format(name=given[one], who=one, row=row, phrase=phrase))
