"""Records and effects as rows keep them: JSON with a schema number, and sealed where it must be.

The number is stored beside the body. A body of an older number is brought up step by step when it
is read, so that an upgrade meets visits that are underway; nothing is rewritten in place.
"""

import json
import marshal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Protocol, TypeVar, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError

from protocol.calls import RollCall
from protocol.effects import Effect
from protocol.ids import MatterId
from protocol.policy import Ladder, Timings
from protocol.records import Answer, Escalation, Visit
from protocol.trigger import Trigger
from storage.columns import Written

Body = dict[str, Any]
Upcast = Callable[[Body], Body]
M = TypeVar("M", bound=BaseModel)

# By the record's name: the first turns a body of schema 1 into one of schema 2, and so on. A new
# schema is a new step here, a new file in tests/storage/golden, and nothing else.
UPCASTS: Mapping[str, tuple[Upcast, ...]] = MappingProxyType(
    {
        # Handover and roll calls: what was written before knows of neither.
        "Visit": (
            lambda body: {"watcher": None, "offer": None, "grace": None, "called": None, **body},
        ),
        "Escalation": (lambda body: {"offer": None, "also": [], **body},),
    }
)

# Answers are padded to whole blocks, so that the length of a row never tells one from another.
ANSWER_BLOCK = 512


class Sealing(Protocol):
    """This is what the codec needs of `storage.sealing.Sealer`."""

    def seal(self, text: str, about: str) -> str:
        """Seal a text as what it is about."""

    def open(self, blob: str, about: str) -> str:
        """Open what was sealed as this."""


class DamagedError(Exception):
    """This says that a row cannot be read as what it should be; it never quotes the row."""


class UnknownSchemaError(Exception):
    """This says that a body was written by a newer Belay, or by none that we know."""


@dataclass(frozen=True, slots=True)
class Raised:
    """This is what stands in the row of a trigger: what was raised, and how it climbs."""

    trigger: Trigger
    climb: Escalation


_VISIT = TypeAdapter(Visit)
_ESCALATION = TypeAdapter(Escalation)
_ROLL_CALL = TypeAdapter(RollCall)
_RAISED = TypeAdapter(Raised)
_EFFECTS: Mapping[str, TypeAdapter[Any]] = {
    kind.__name__: TypeAdapter(kind) for kind in get_args(Effect)
}


def schema_of(name: str) -> int:
    """This is the schema number in which this record or effect is written now."""
    return 1 + len(UPCASTS.get(name, ()))


def upcast(name: str, body: Body, schema: int) -> Body:
    """Bring a body up to the present schema. Raises UnknownSchemaError for a newer one."""
    steps = UPCASTS.get(name, ())
    if not 1 <= schema <= 1 + len(steps):
        raise UnknownSchemaError(f"{name} of schema {schema}; {1 + len(steps)} is the newest known")
    for step in steps[schema - 1 :]:
        body = step(body)
    return body


def visit_body(visit: Visit, sealer: Sealing, matter: MatterId) -> Written:
    """Write a visit, with its note and every answer sealed; an empty note stays empty."""
    note = visit.plan.note
    sealed = replace(
        visit,
        plan=replace(visit.plan, note=sealer.seal(note, _note(matter)) if note else ""),
        answers=tuple(
            replace(answer, said=sealer.seal(_padded(answer.said), _answer(matter)))
            for answer in visit.answers
        ),
    )
    body: Body = _VISIT.dump_python(sealed, mode="json", exclude={"timings"})
    # A set has no order of its own, and the same record is always written alike.
    body["plan"]["factors"].sort()
    return _with(body, "timings", visit.timings)


def visit_of(body: Body, schema: int, sealer: Sealing, matter: MatterId) -> Visit:
    """Read a visit. Raises DamagedError, UnknownSchemaError, or what the sealer raises."""
    visit: Visit = _read("Visit", _VISIT, body, schema, ("timings", Timings))
    note = visit.plan.note
    return replace(
        visit,
        plan=replace(visit.plan, note=sealer.open(note, _note(matter)) if note else ""),
        answers=tuple(_opened(answer, sealer, matter) for answer in visit.answers),
    )


def escalation_body(escalation: Escalation) -> Written:
    """Write an escalation."""
    body: Body = _ESCALATION.dump_python(escalation, mode="json", exclude={"ladder"})
    return _with(body, "ladder", escalation.ladder)


def escalation_of(body: Body, schema: int) -> Escalation:
    """Read an escalation. Raises DamagedError or UnknownSchemaError."""
    read: Escalation = _read("Escalation", _ESCALATION, body, schema, ("ladder", Ladder))
    return read


def roll_call_body(called: RollCall) -> Body:
    """Write a roll call."""
    body: Body = _ROLL_CALL.dump_python(called, mode="json")
    return body


def roll_call_of(body: Body, schema: int) -> RollCall:
    """Read a roll call. Raises DamagedError or UnknownSchemaError."""
    read: RollCall = _read("RollCall", _ROLL_CALL, body, schema)
    return read


def raised_body(trigger: Trigger, climb: Escalation, sealer: Sealing, matter: MatterId) -> str:
    """Write a trigger and its climb, sealed as a whole: what was heard, and which row it was."""
    body: Body = _RAISED.dump_python(Raised(trigger, climb), mode="json")
    return sealer.seal(json.dumps(body), raised_as(matter))


def raised_of(
    sealed: str, schema: int, sealer: Sealing, matter: MatterId
) -> tuple[Trigger, Escalation]:
    """Read a trigger and its climb. Raises as `visit_of` does."""
    body: Body = json.loads(sealer.open(sealed, raised_as(matter)))
    read: Raised = _read("Raised", _RAISED, body, schema)
    return read.trigger, read.climb


def raised_as(matter: str) -> str:
    """What the body of a trigger is sealed as."""
    return f"raised/{matter}"


def effect_body(effect: Effect) -> Body:
    """Write an effect; its kind is its class name."""
    body: Body = _EFFECTS[type(effect).__name__].dump_python(effect, mode="json")
    return body


def effect_of(kind: str, body: Body, schema: int) -> Effect:
    """Read an effect. Raises DamagedError, or UnknownSchemaError also for an unknown kind."""
    if kind not in _EFFECTS:
        raise UnknownSchemaError(f"an effect called {kind}")
    effect: Effect = _read(kind, _EFFECTS[kind], body, schema)
    return effect


def _read(
    name: str,
    adapter: TypeAdapter[Any],
    body: Body,
    schema: int,
    shared: tuple[str, type[BaseModel]] | None = None,
) -> Any:
    """Read a record; `shared` is a field and its model, read once for all that have the same."""
    present = upcast(name, body, schema)
    try:
        if shared is not None:
            field, model = shared
            part = _shared(model, marshal.dumps(present.get(field), _PLAIN))
            present = {**present, field: part}
        return adapter.validate_python(present)
    except ValidationError as error:
        where = [".".join(map(str, found["loc"])) for found in error.errors(include_input=False)]
        raise DamagedError(f"{name}: {', '.join(where)}") from None


# A county's visits share a handful of timings: reading and writing them anew each time is half of a
# sweep. They are known again by their bytes; marshal makes those of parsed JSON three times as fast
# as JSON itself, and in version 2 the same bytes for the same value.
_PLAIN = 2


@lru_cache(maxsize=256)
def _shared(model: type[M], known_by: bytes) -> M:
    return model.model_validate_json(json.dumps(marshal.loads(known_by)))


def _with(body: Body, name: str, part: BaseModel) -> Written:
    """Write a body, and last in it what it shares with others."""
    return Written(f'{json.dumps(body)[:-1]}, "{name}": {_shared_text(part)}}}')


@lru_cache(maxsize=256)
def _shared_text(part: BaseModel) -> str:
    return json.dumps(part.model_dump(mode="json"))


def _opened(answer: Answer, sealer: Sealing, matter: MatterId) -> Answer:
    return replace(answer, said=_unpadded(sealer.open(answer.said, _answer(matter))))


def _note(matter: MatterId) -> str:
    return f"visit/{matter}/note"


def _answer(matter: MatterId) -> str:
    return f"visit/{matter}/answer"


def _padded(said: str) -> str:
    whole = f"{len(said)}:{said}"
    return whole + " " * (-len(whole.encode()) % ANSWER_BLOCK)


def _unpadded(whole: str) -> str:
    length, _, rest = whole.partition(":")
    return rest[: int(length)]
