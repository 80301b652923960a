"""Every number of the safety clock, validated and frozen. The figures live in `config/policy.yml`.

In files a duration is a number of minutes; here it is a timedelta. Offsets of nudges and rungs are
counted from the due time of a check-in, or from the tap of a call for help.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from protocol.people import Role
from protocol.plan import Purpose, VisitKind
from protocol.rating import Factor, Rating

ZERO = timedelta(0)


def _from_minutes(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("a duration is a number of minutes")
    if not isinstance(value, int | float):
        return value
    try:
        return timedelta(minutes=value)
    except (OverflowError, ValueError):
        raise ValueError("a duration is a number of minutes") from None


Minutes = Annotated[
    timedelta,
    BeforeValidator(_from_minutes),
    PlainSerializer(lambda value: value.total_seconds() / 60, return_type=float),
]
PositiveMinutes = Annotated[Minutes, Field(gt=ZERO)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ChannelRole(StrEnum):
    """This names one of a program's channels by what it is for."""

    FIELD_SAFETY = "field_safety"
    CLINICAL = "clinical"
    INCIDENTS = "incidents"
    HUDDLE = "huddle"


class Rung(_Frozen):
    """This is one step of a ladder: when it fires, whom it reaches, what it asks of them."""

    after: Annotated[Minutes, Field(ge=ZERO)]
    roles: tuple[Role, ...] = ()
    everyone: bool = False
    channels: tuple[ChannelRole, ...] = ()
    decide_on_help: bool = False

    @model_validator(mode="after")
    def _reaches_somebody(self) -> Self:
        if not self.roles and not self.everyone:
            raise ValueError("a rung names roles, or says everyone: true")
        return self

    @model_validator(mode="after")
    def _pages_stay_out_of_the_huddle(self) -> Self:
        if ChannelRole.HUDDLE in self.channels:
            ours = ", ".join(one for one in ChannelRole if one is not ChannelRole.HUDDLE)
            raise ValueError(
                "a rung posts no page to huddle, which is read once a day by the whole team: "
                f"name one of {ours}, or leave channels out"
            )
        return self


class Ladder(_Frozen):
    """This is a climb: rungs in order of time, how long a hold lasts, how the climb repeats."""

    rungs: tuple[Rung, ...] = Field(min_length=1)
    hold: PositiveMinutes
    ask_before: PositiveMinutes
    repeat_every: PositiveMinutes

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        times = [rung.after for rung in self.rungs]
        if times != sorted(times):
            raise ValueError("rungs are listed in the order of their times")
        if self.ask_before >= self.hold:
            raise ValueError("ask_before is shorter than hold: the owner is asked before it ends")
        if not any(rung.everyone for rung in self.rungs):
            raise ValueError("a ladder has a rung that reaches everyone on duty")
        return self


class RatingPolicy(_Frozen):
    """This is one row of the defaults table: how a visit of one rating is watched."""

    check_in_every: PositiveMinutes
    nudges: tuple[Minutes, ...]
    no_signal_max: PositiveMinutes
    no_signal_needs_backup: bool = False
    needs_pair_or_backup: bool = False
    ladder: Ladder

    @model_validator(mode="after")
    def _nudges_before_people(self) -> Self:
        if list(self.nudges) != sorted(self.nudges):
            raise ValueError("nudges are listed in the order of their times")
        if self.nudges and self.nudges[-1] >= self.ladder.rungs[0].after:
            raise ValueError("the last nudge comes before the first human")
        return self


class Ladders(_Frozen):
    """This holds the ladders that do not depend on a rating."""

    help: Ladder
    duress: Ladder
    uneasy: Ladder


class Windows(_Frozen):
    """This holds the time limits that are the same for every rating."""

    arrive_within: PositiveMinutes
    clear_within: PositiveMinutes
    clear_within_by_bus: PositiveMinutes
    transit_within: PositiveMinutes
    transit_max: PositiveMinutes
    over_time_every: PositiveMinutes
    running_late_max: PositiveMinutes
    extend_times: int = Field(ge=0, le=5)
    extend_share: float = Field(gt=0, le=1)
    approve_before: PositiveMinutes
    approve_unplanned_within: PositiveMinutes
    look_again: PositiveMinutes
    second_within: PositiveMinutes
    duration_max: PositiveMinutes
    plan_ahead_max: PositiveMinutes


class Template(_Frozen):
    """This is what the plan form fills in for one kind of visit; the worker may change all of it.

    `factors` are what every such visit has. A template adds them to what the worker has said.
    """

    lasts: PositiveMinutes
    purpose: Purpose
    factors: tuple[Factor, ...] = ()


class Policy(_Frozen):
    """This is a program's whole safety policy."""

    schema_version: int = 1
    ratings: dict[Rating, RatingPolicy]
    ladders: Ladders
    windows: Windows
    solo_transport_prohibited: bool = True
    cash_prohibited: bool = True
    flag_expires_days: int = Field(default=90, ge=1, le=365)
    flag_review_days: int = Field(default=7, ge=1, le=90)
    # In days: a proposal for the matrix that waits longer is named in each huddle.
    proposal_wait_days: int = Field(default=7, ge=1, le=90)
    # Ours, as are the numbers: long enough to read and answer, short enough for whoever waits.
    handover_within: PositiveMinutes = timedelta(minutes=5)
    account_within: PositiveMinutes = timedelta(minutes=5)
    # A policy that was stored before there were templates has none.
    templates: dict[VisitKind, Template] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _templates_fit(self) -> Self:
        for kind, template in self.templates.items():
            if template.lasts > self.windows.duration_max:
                raise ValueError(f"templates, {kind.value}: a visit lasts duration_max at most")
            if template.purpose is Purpose.SENT_TO_LOOK:
                raise ValueError(f"templates, {kind.value}: nobody plans to be sent to look")
        return self

    @model_validator(mode="after")
    def _every_rating(self) -> Self:
        missing = {Rating.LOW, Rating.ELEVATED, Rating.HIGH} - set(self.ratings)
        if missing or Rating.PROHIBITED in self.ratings:
            raise ValueError("ratings has exactly low, elevated and high")
        return self

    def timings(self, rating: Rating, check_in_every: timedelta | None = None) -> "Timings":
        """The timings to copy onto a visit; the approver may shorten the interval, not lengthen it.

        A prohibited visit that is watched all the same is watched as a high one.
        """
        row = self.ratings[Rating.HIGH if rating is Rating.PROHIBITED else rating]
        every = min(check_in_every or row.check_in_every, row.check_in_every)
        return Timings(
            check_in_every=every,
            nudges=row.nudges,
            no_signal_max=row.no_signal_max,
            no_signal_needs_backup=row.no_signal_needs_backup,
            ladder=row.ladder,
            ladders=self.ladders,
            windows=self.windows,
        )


class Timings(_Frozen):
    """This is the policy as it was copied onto one visit; later edits do not reach it."""

    check_in_every: PositiveMinutes
    nudges: tuple[Minutes, ...]
    no_signal_max: PositiveMinutes
    no_signal_needs_backup: bool
    ladder: Ladder
    ladders: Ladders
    windows: Windows
