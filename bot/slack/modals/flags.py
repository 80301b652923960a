"""This is the forms about flags on places: raise one, dispute one, review one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.slack.carried import NO_MATTER, Carried, pack
from bot.slack.ids import Field, Form
from bot.slack.modals import parts, typed
from bot.slack.modals.parts import View, question
from bot.slack.read.payload import Body, Unreadable, carried_by_form, minted, strict, user_of
from bot.slack.render.blocks import context, lines, section
from bot.slack.render.blocks import typed as shown
from bot.slack.render.times import day_and_clock
from bot.slack.words import flags as words
from bot.slack.words import labels
from bot.slack.words.speech import _
from protocol.identifiers import mask
from protocol.ids import MatterId, PlaceId
from protocol.rating import FlagKind
from storage.flags import StandingFlag

EVIDENCE_MAX: Final = 500
REASON_MAX: Final = 500
PLACE_MAX: Final = 120
END: Final = "end"
# Slack opens no form that is larger than 250 kB.
LIST_BYTES: Final = 150_000


def flag_form(about: Carried, label: str, places: Sequence[tuple[PlaceId, str]] = ()) -> View:
    """Flag the place of a visit, by its label; or, without one, any place."""
    where = [section(_(words.PLACE, place=shown(label, 150)))] if label else _which(places)
    kinds = [(_(words.KIND[kind]), kind.value) for kind in FlagKind]
    asked = [
        *where,
        question(Field.KIND, _(words.FIELD_KIND), parts.radio(kinds, FlagKind.CONCERN.value)),
        question(
            Field.EVIDENCE,
            _(words.FIELD_EVIDENCE),
            parts.text(EVIDENCE_MAX, multiline=True),
            hint=_(words.HINT_EVIDENCE),
            optional=True,
        ),
        context(_(words.COUNTS_AT_ONCE)),
    ]
    return parts.form(Form.FLAG, pack(about.matter, number=about.number), asked)


def _which(places: Sequence[tuple[PlaceId, str]]) -> list[parts.View]:
    known = parts.fitting([(label, which) for which, label in places], (), LIST_BYTES)
    new = question(
        Field.NEW_PLACE,
        _(labels.FIELD_NEW_PLACE),
        parts.text(PLACE_MAX),
        hint=_(labels.HINT_NEW_PLACE),
        optional=bool(known),
    )
    if not known:
        return [new]
    return [question(Field.PLACE, _(labels.FIELD_PLACE), parts.select(known), optional=True), new]


@dataclass(frozen=True, slots=True)
class Flagging:
    """This is a flag as somebody raised it. `id` is the same for the same form sent twice."""

    id: str
    user: str
    about: Carried
    kind: FlagKind
    place: PlaceId | None = None
    new_place: str = ""
    evidence: str = ""


@strict
def read_flag(body: Body) -> Flagging:
    """A flag. What could identify somebody is taken out, not sent back: nobody has time for it."""
    values, about = typed.values_of(body), carried_by_form(body)
    place = typed.chosen(values, Field.PLACE)
    new = typed.text(values, Field.NEW_PLACE, PLACE_MAX)
    if about.matter == NO_MATTER and not place and not new:
        raise Unreadable(_(labels.NEEDS_PLACE), Field.NEW_PLACE)
    if place and new:
        raise Unreadable(_(labels.ONE_PLACE), Field.NEW_PLACE)
    return Flagging(
        id=_minted(body),
        user=user_of(body),
        about=about,
        kind=typed.one_of(values, Field.KIND, FlagKind),
        place=PlaceId(place) if place else None,
        new_place=new,
        evidence=mask(typed.raw_text(values, Field.EVIDENCE))[:EVIDENCE_MAX],
    )


@dataclass(frozen=True, slots=True)
class Said:
    """This is what somebody says to a flag. `verdict` is None where it ends, or for a dispute."""

    id: str
    user: str
    flag: str
    reason: str
    verdict: FlagKind | None = None
    seen: int = 0


def dispute_form(standing: Sequence[StandingFlag], zone: str) -> View | str:
    """Dispute one of the flags that count; a sentence where there is none."""
    if not standing:
        return _(words.NO_FLAGS)
    lines_ = [
        (
            _(
                words.FLAG_LINE,
                place=one.label,
                kind=_(words.KIND[one.kind]),
                day=day_and_clock(one.raised_at, zone),
            ),
            one.id,
        )
        for one in standing
    ]
    asked = [
        question(
            Field.FLAG, _(words.FIELD_FLAG), parts.select(parts.fitting(lines_, (), LIST_BYTES))
        ),
        _reason(_(words.FIELD_DISPUTE)),
        context(_(words.STAYS)),
    ]
    return parts.form(Form.DISPUTE_FLAG, pack(NO_MATTER), asked)


def _reason(label: str) -> View:
    element = parts.text(REASON_MAX, multiline=True)
    return question(Field.REASON, label, element, hint=_(words.HINT_REASON))


@strict
def read_dispute(body: Body) -> Said:
    """A dispute, with its reason."""
    values = typed.values_of(body)
    flag = typed.chosen(values, Field.FLAG)
    if flag is None:
        raise Unreadable(_(words.NEEDS_FLAG), Field.FLAG)
    reason = typed.text(values, Field.REASON, REASON_MAX, needed=True)
    return Said(_minted(body), user_of(body), flag, reason)


def review_form(flag: StandingFlag, who: str, zone: str, evidence: str, disputed: str) -> View:
    """Review a flag, as it stands now; what was seen, and why it is disputed, are shown here."""
    told = lines(
        f"*{shown(flag.label, 150)}* · {_(words.KIND[flag.kind])}",
        _(
            words.RAISED,
            who=shown(who, 80),
            at=day_and_clock(flag.raised_at, zone),
            ends=day_and_clock(flag.expires_at, zone),
        ),
        _(words.SEEN, evidence=shown(evidence, EVIDENCE_MAX)) if evidence else None,
        _(words.DISPUTED, reason=shown(disputed, REASON_MAX)) if disputed else None,
    )
    verdicts = [(_(words.KEEP[kind]), kind.value) for kind in FlagKind]
    asked = [
        section(told),
        question(
            Field.VERDICT, _(words.FIELD_VERDICT), parts.radio([*verdicts, (_(words.END), END)])
        ),
        _reason(_(words.FIELD_REVIEW)),
    ]
    return parts.form(Form.REVIEW_FLAG, pack(MatterId(flag.id), number=flag.words), asked)


@strict
def read_review(body: Body) -> Said:
    """A review: it holds, as which kind, or it ends; with a reason."""
    values, about = typed.values_of(body), carried_by_form(body)
    ends = typed.chosen(values, Field.VERDICT) == END
    return Said(
        _minted(body),
        user_of(body),
        about.matter,
        typed.text(values, Field.REASON, REASON_MAX, needed=True),
        None if ends else typed.one_of(values, Field.VERDICT, FlagKind),
        about.number,
    )


def _minted(body: Body) -> str:
    return minted(f"flag:{body['view']['id']}")
