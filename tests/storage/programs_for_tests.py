"""This writes program files for tests, and reads the example."""

from datetime import timedelta
from pathlib import Path
from textwrap import dedent

from sqlalchemy import insert

from storage import programs, tables

EXAMPLE = Path(__file__).parents[2] / "config" / "program.example.yml"

SMALL = """\
program:
  id: river
  name: River
  zone: America/Los_Angeles
  channels: {field_safety: C_FIELD}
  coordinator_line: "+15555550100"
  county_number: "+15555550199"
people:
  - {id: jo, name: Jo, slack: U_JO, phone: "+15555550111", roles: [peer], excludes: [theo]}
  - {id: rosa, name: Rosa, slack: U_ROSA, phone: "+15555550121", roles: [coordinator]}
  - {id: theo, name: Theo, slack: U_THEO, roles: [coordinator, executive]}
  - {id: maya, name: Maya, slack: U_MAYA, roles: [peer_supervisor]}
  - {id: lin, name: Lin, slack: U_LIN, roles: [clinical_lead]}
places:
  - {id: gate, label: Jail gate, send: a pair}
  - {id: home-17, label: Home 17, address: 1724 Alder Court}
duty:
  - {role: coordinator, person: rosa, from: 2026-03-02 08:00, until: 2026-03-02 20:00}
  - {role: peer_supervisor, person: maya, from: 2026-03-02, until: 2026-03-08}
  - {role: clinical_lead, person: lin, from: 2026-03-02, until: 2026-03-08}
"""


def small(*changes):
    """This is the small program, with each (old, new) text replaced; the old one must be there."""
    text = SMALL
    for old, new in changes:
        assert text.count(old) == 1, (text.count(old), old)
        text = text.replace(old, new)
    return text


def read(folder, text, **others):
    """This reads a program from text; `others` are further files beside it."""
    for name, content in others.items():
        (folder / f"{name}.yml").write_text(dedent(content), encoding="utf-8")
    path = folder / "program.yml"
    path.write_text(text, encoding="utf-8")
    return programs.read(path)


def line_of(text, part):
    """This is the number of the line, from 1, on which the text first has this part."""
    return text[: text.index(part)].count("\n") + 1


def open_visit(conn, name, worker, *, state="underway", partner=None, start_at, program="river"):
    """This stores a visit as far as its columns go; `state` closed closes its matter too."""
    is_open = state != "closed"
    due_at = start_at + timedelta(hours=1) if is_open else None
    conn.execute(
        insert(tables.matter),
        {
            "id": name,
            "program_id": program,
            "worker": worker,
            "version": 1,
            "silent": False,
            "active": is_open,
            "due_at": due_at,
            "attempt_at": due_at,
            "opened_at": start_at,
            "closed_at": None if is_open else start_at,
        },
    )
    conn.execute(
        insert(tables.visit),
        {
            "matter_id": name,
            "program_id": program,
            "worker": worker,
            "partner": partner,
            "state": state,
            "rating": "low",
            "approval": "asked",
            "expecting": "arrival",
            "start_at": start_at,
            "due_at": due_at,
            "outcome": None if is_open else "completed",
            "revision": 1,
            "body": {},
            "body_schema": 1,
        },
    )


def there(value):
    """This is the value, which is there."""
    assert value is not None
    return value
