"""`python -m tests.security.page` writes docs/roles.md from the table that the tests hold."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.security.deeds import DEEDS
from tests.security.people import KINDS
from tests.security.roles import TABLE

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "roles.md"
SHOWN: Final = {"does": "●", "sees": "○", "": ""}
HEAD: Final = """# Who may do what

Made by `python -m tests.security.page`. In `tests/security/test_roles.py` every kind of person
presses every button, sends every form and types every word of which the code knows, on one and the
same visit, through the whole app and its database; what came of each is held against this table. A
button that is new in `bot/slack/ids.py` fails the tests until it has a row here.

● does it: something changes that others can notice. ○ sees a name, a place or a plan of the
program. Empty: they are answered, and nothing happens; at most a form opens that shows nothing of
the program, and is refused when it is sent.

| Column | Who that is |
|---|---|
| worker, partner | The two on the visit |
| other worker | A peer of the same program who is not on it |
| approver | A peer supervisor, who is on duty and was paged |
| coordinator | A coordinator, who was paged; who has it or has closed it is this one |
| responder | A clinical lead on duty, who was paged |
| clinical lead | Another one, off duty, who was not; an open handover was offered to this one |
| executive, manager | Of the program, and not paged |
| former employee | Was a coordinator, and is not in the file any more |
| moved away | Was a coordinator here, and is one in another program now |
| other program | A coordinator of another program |
| guest, stranger | Accounts in the workspace that no program's file names |

The last five press buttons of messages that they once got. "moved away" and "other program" act in
their own program where they have a ●: their plan, their call for help, their own settings. Whoever
was paged may acknowledge that page whatever became of their role.

"""


def written() -> str:
    """The page, as it must be."""
    return HEAD + "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield f"| What | {' | '.join(KINDS)} |"
    yield f"|---|{'---|' * len(KINDS)}"
    for deed in DEEDS:
        cells = (SHOWN[TABLE[deed.name].of(kind)] for kind in KINDS)
        yield f"| {deed.name} | {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
