"""The county whose bots are killed: a program in which an afternoon passes in seconds.

The world's clock goes at the real rate, so that lateness is in real seconds; what is minutes in a
real program is seconds here. Everybody is on duty, from yesterday until the day after tomorrow.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from protocol.policy import Policy
from storage.program_file import ProgramFile
from storage.program_read import read

PLACE = "Main St shelter"
WORKERS = tuple(f"peer{number}" for number in range(1, 6))
CHANNELS = {"field_safety": "C_FIELD", "clinical": "C_CLINICAL", "incidents": "C_INCIDENTS"}
ON_DUTY = {"coordinator": ("rosa", "theo"), "peer_supervisor": ("maya",), "clinical_lead": ("lin",)}

# Seconds, for one climb from the check-in that was missed: somebody is paged every few seconds,
# and yet a channel gets no more than the message a second that Slack takes there.
CHECK_IN_EVERY = 6.0
RUNGS = (1.0, 2.5, 4.0, 5.5)
REPEAT_EVERY = 6.0
HOLD = 10.0


def everybody() -> tuple[str, ...]:
    """Everybody of the county, by their short names."""
    return (*WORKERS, *(who for those in ON_DUTY.values() for who in those))


def written(folder: Path) -> ProgramFile:
    """The program as `belay apply` reads it from a file in this folder."""
    path = folder / "program.yml"
    path.write_text(json.dumps(_document(), indent=1), encoding="utf-8")  # YAML holds all of JSON
    file = read(path).file
    policy = json.loads(file.policy.model_dump_json())
    policy["ratings"] = {name: _rating() for name in policy["ratings"]}
    policy["windows"]["over_time_every"] = _minutes(CHECK_IN_EVERY)
    return file.model_copy(update={"policy": Policy.model_validate(policy)})


def _document() -> dict[str, Any]:
    today = datetime.now(UTC)
    first, last = (f"{today + timedelta(days=days):%Y-%m-%d}" for days in (-1, 2))
    held = [(who, "peer") for who in WORKERS]
    held += [(who, role) for role, those in ON_DUTY.items() for who in those]
    people = [
        {
            "id": who,
            "name": who.title(),
            "slack": f"U_{who.upper()}",
            "roles": [role],
            "trained_until": f"{today + timedelta(days=400):%Y-%m-%d}",
        }
        for who, role in held
    ]
    turns = [
        {"role": role, "person": who, "from": first, "until": last}
        for who, role in held
        if role != "peer"
    ]
    return {
        "program": {
            "id": "county",
            "name": "A county in a hurry",
            "zone": "Etc/UTC",
            "channels": CHANNELS,
            "coordinator_line": "+15555550100",
            "county_number": "+15555550199",
        },
        "people": people,
        "places": [{"id": "shelter", "label": PLACE}],
        "duty": turns,
    }


def _rating() -> dict[str, Any]:
    rungs: list[dict[str, Any]] = [
        {"after": _minutes(RUNGS[0]), "roles": ["coordinator"]},
        {
            "after": _minutes(RUNGS[1]),
            "roles": ["clinical_lead", "peer_supervisor"],
            "channels": ["clinical"],
        },
        {"after": _minutes(RUNGS[2]), "everyone": True, "channels": ["clinical"]},
        {"after": _minutes(RUNGS[3]), "everyone": True, "decide_on_help": True},
    ]
    ladder = {
        "hold": _minutes(HOLD),
        "ask_before": _minutes(2),
        "repeat_every": _minutes(REPEAT_EVERY),
        "rungs": rungs,
    }
    return {
        "check_in_every": _minutes(CHECK_IN_EVERY),
        "nudges": [_minutes(-2), 0, _minutes(0.5)],
        "no_signal_max": 1,
        "ladder": ladder,
    }


def _minutes(seconds: float) -> float:
    return seconds / 60
