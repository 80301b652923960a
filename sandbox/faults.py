"""This decides when something goes wrong on purpose."""

import fnmatch
import random
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from sandbox.errors import Refused
from sandbox.model import Json


class Effect(StrEnum):
    """This is what goes wrong."""

    HTTP_500 = "http_500"
    HTTP_500_AFTER = "http_500_after"
    RATELIMITED = "ratelimited"
    HANG = "hang"
    HANG_AFTER = "hang_after"
    DROP = "drop"
    DROP_AFTER = "drop_after"
    ERROR = "error"
    SLOW = "slow"
    REFUSE_SOCKET = "refuse_socket"
    LOSE = "lose"
    DUPLICATE = "duplicate"
    HOLD = "hold"
    HALF_OPEN = "half_open"
    DROP_SOCKETS = "drop_sockets"
    DISCONNECT = "disconnect"
    OUTAGE = "outage"


BEFORE = frozenset(
    {Effect.HTTP_500, Effect.RATELIMITED, Effect.HANG, Effect.DROP, Effect.ERROR, Effect.SLOW}
)
AFTER = frozenset({Effect.HTTP_500_AFTER, Effect.HANG_AFTER, Effect.DROP_AFTER})
DELIVERY = frozenset({Effect.LOSE, Effect.DUPLICATE, Effect.HOLD})
AT_ONCE = frozenset({Effect.HALF_OPEN, Effect.DROP_SOCKETS, Effect.DISCONNECT})


@dataclass
class Fault:
    """This is one fault. `target` is a glob over API methods, or over envelope types.

    `count` None means for ever. `seconds` is transport time; None means never. `match` narrows
    it to calls whose arguments have these values. `replay` (outage): what happens meanwhile is
    delivered afterwards. `reason` belongs to `disconnect`.
    """

    id: int
    effect: Effect
    target: str = "*"
    count: int | None = 1
    probability: float = 1.0
    match: Json = field(default_factory=dict)
    seconds: float | None = None
    retry_after: int = 1
    error: str = "internal_error"
    reason: str = "refresh_requested"
    replay: bool = False
    hits: int = 0

    def spent(self) -> bool:
        """This is true once the fault has struck as often as it may."""
        return self.count is not None and self.hits >= self.count


class Faults:
    """This holds the faults in force; the seed makes probabilities repeatable."""

    def __init__(self, seed: int = 0) -> None:
        self.active: list[Fault] = []
        self._random = random.Random(seed)
        self._next = 1

    def add(self, given: Json) -> Fault:
        """This puts a fault in force. Refuses an unknown effect or property."""
        try:
            effect = Effect(str(given.get("effect")))
            rest = {name: value for name, value in given.items() if name not in ("effect", "id")}
            fault = Fault(self._next, effect, **rest)
        except (TypeError, ValueError) as problem:
            raise Refused("bad_fault", status=400, detail=str(problem)) from problem
        self._next += 1
        if effect not in AT_ONCE:
            self.active.append(fault)
        return fault

    def lift(self, number: int | None = None) -> int:
        """This lifts one fault, or all; says how many."""
        before = len(self.active)
        self.active = [f for f in self.active if number is not None and f.id != number]
        return before - len(self.active)

    def outage(self) -> Fault | None:
        """This is the outage in force, if there is one."""
        return next((f for f in self.active if f.effect is Effect.OUTAGE), None)

    def take(self, effects: frozenset[Effect], target: str, args: Json) -> Fault | None:
        """This is the fault that strikes now, counted; None if nothing does."""
        for fault in self.active:
            wanted = fault.effect in effects and fnmatch.fnmatchcase(target, fault.target)
            same = all(args.get(name) == value for name, value in fault.match.items())
            if not wanted or not same or fault.spent():
                continue
            if self._random.random() < fault.probability:
                fault.hits += 1
                return fault
        return None

    def report(self) -> list[Json]:
        """This is the faults in force, as JSON."""
        return [{**asdict(fault), "spent": fault.spent()} for fault in self.active]
