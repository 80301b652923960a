"""`python -m tests.upgrade.forms`: writes down in which form this code stores records and effects.

Older code that meets another form must not touch it, so `versions.BEHAVIOUR` goes up with it: once
for each release, by whoever changes a form first after one.
"""

import json
import sys
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter

from storage import codec, standings, versions

FILE = Path(__file__).with_name("forms.json")
WORDS = ("title", "description")


def forms():
    """This is the behaviour, and a digest of each stored form."""
    adapters: dict[str, TypeAdapter] = {
        "Visit": codec._VISIT,
        "Escalation": codec._ESCALATION,
        "Raised": codec._RAISED,
        "RollCall": codec._ROLL_CALL,
        "Standing": standings._STANDING,
        **codec._EFFECTS,
    }
    found = {name: digest(adapter.json_schema()) for name, adapter in sorted(adapters.items())}
    return {"behaviour": versions.BEHAVIOUR, "forms": found}


def digest(schema):
    """This tells two forms apart; what is only said about them does not count."""
    return sha256(json.dumps(silent(schema), sort_keys=True).encode()).hexdigest()[:16]


def silent(part):
    if isinstance(part, dict):
        return {
            name: silent(value)
            for name, value in part.items()
            if name not in WORDS or not isinstance(value, str)
        }
    return [silent(one) for one in part] if isinstance(part, list) else part


def main():
    FILE.write_text(json.dumps(forms(), indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{FILE.name} is written.\n")


if __name__ == "__main__":
    main()
