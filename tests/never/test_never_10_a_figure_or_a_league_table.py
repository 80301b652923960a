"""Never 10: a figure is shown without its n; a per-person league table exists."""

import re

import typer.main
from prometheus_client import generate_latest
from sqlalchemy import Float, Integer, Numeric

from bot import observe
from bot.cli import app
from bot.reports import out
from storage import tables
from storage.database import Database
from tests.never.life import everything, on_a_visit
from tests.scenarios.backstage import FILE

LABELS = {"cause", "kind", "where", "task", "outcome", "le"}
# A share or a mean is a figure; a bare count of people who were paged just now is not.
FIGURE = re.compile(r"\d\s?%|\b(per ?cent|average|median|mean of|out of \d)\b", re.IGNORECASE)
RANKED = re.compile(
    r"\b(rank|league|leader ?board|score|best|worst|most often|per.person|statistic)", re.IGNORECASE
)
NUMBER = Integer | Float | Numeric
OF_A_PERSON = ("person", "role_grant", "duty")
LISTED = re.compile(r"^  [^:]+: [^,]+, since \w{3} \d\d:\d\d, next due \w{3} \d\d:\d\d$")


async def test_after_a_miss_there_is_no_figure_and_no_person_in_any_metric(whole_county):
    async with whole_county() as c:
        for one in (c.jo, c.sam):
            await on_a_visit(c, one)
        await c.clock.forward(minutes=60)
        said = "\n".join(news.whole for news in await everything(c))
        database = Database.open(c.database_url, threads=1)
        now = await c.clock.now()
        listed = out.text(database.run_sync(out.read, now), now)
        database.dispose()
    metrics = generate_latest(observe.registry).decode()
    assert set(re.findall(r'[{,](\w+)="', metrics)) <= LABELS
    for one in FILE.people:
        assert one.name not in metrics
        assert f'"{one.id}"' not in metrics
    for words in (said, listed, metrics):
        assert not FIGURE.search(words)
        assert not RANKED.search(words)
    people = [line for line in listed.splitlines() if line.startswith("  ")]
    assert people
    assert all(LISTED.match(line) for line in people), "who, where and when, and no count"


def test_no_command_shows_people_by_number():
    command = typer.main.get_command(app)
    for words in helps(command):
        assert not RANKED.search(words), words
        assert not FIGURE.search(words), words


def helps(command):
    yield f"{command.name} {command.help or ''}"
    for below in getattr(command, "commands", {}).values():
        yield from helps(below)


def test_no_row_of_a_person_keeps_a_count():
    counting = [
        f"{name}.{column.name}"
        for name in OF_A_PERSON
        for column in tables.metadata.tables[name].columns
        if isinstance(column.type, NUMBER) and not column.primary_key
    ]
    assert not counting


def test_no_table_holds_a_number_for_each_person():
    by_person = [
        table.name
        for table in tables.metadata.sorted_tables
        if table.name not in OF_A_PERSON
        and {"person", "person_id", "worker"} & {key.name for key in table.primary_key}
        and any(isinstance(one.type, NUMBER) and not one.primary_key for one in table.columns)
    ]
    assert not by_person
