"""This is the approver's forms. Each carries the revision that was shown, and is bound to it."""

from datetime import datetime, timedelta
from typing import Final

from bot.request import OfMatter, Request
from bot.slack.carried import pack
from bot.slack.ids import Field, Form
from bot.slack.modals import parts, typed
from bot.slack.modals.parts import View, question
from bot.slack.read.payload import (
    Body,
    carried,
    carried_by_form,
    key_of_action,
    key_of_form,
    strict,
    user_of,
)
from bot.slack.render.approval import lower_by_one, plan_text
from bot.slack.render.blocks import section
from bot.slack.render.times import length
from bot.slack.render.view import Block, MatterView
from bot.slack.words import labels, names
from bot.slack.words.speech import _
from protocol.decision import Reason
from protocol.events import AskChanges, ConfirmPlan, DeclinePlan
from protocol.ids import MatterId
from protocol.override import AgreeLowering, LowerRating
from protocol.rating import Rating
from protocol.records import Approval, VisitState

REASON_MAX: Final = 500
EVERY: Final = (10, 15, 20, 30, 45, 60, 90, 120, 180, 240)


def confirm_form(view: MatterView) -> View:
    """The plan, and how often to check in: as the policy says, or more often."""
    visit = view.matter.visit
    if visit is None:
        raise ValueError("only a visit has a plan to confirm")
    return parts.form(
        Form.CONFIRM_PLAN,
        pack(view.matter.id, number=visit.revision),
        [
            section(plan_text(view, visit, asks_how_often=True)),
            how_often(visit.timings.check_in_every, visit.plan.expected),
        ],
    )


def how_often(every: timedelta, expected: timedelta) -> Block:
    """How often to check in during a visit: `every` as the policy says, or more often.

    What is not shorter than the visit asks for no check-in before its end, and says so.
    """
    minute = timedelta(minutes=1)
    sooner = [count for count in EVERY if count * minute < min(every, expected)]
    policy = str(int(every / minute))
    as_policy = _(labels.ONLY_AT_END) if every >= expected else length(every)
    lines = [*((length(count * minute), str(count)) for count in sooner), (as_policy, policy)]
    return question(Field.EVERY, _(labels.FIELD_EVERY), parts.select(lines, policy))


def ask_changes_form(matter: MatterId, revision: int) -> View:
    """What should change."""
    return _reason(Form.ASK_CHANGES, matter, revision)


def decline_form(matter: MatterId, revision: int) -> View:
    """Why not; for the worker only."""
    return _reason(Form.DECLINE_PLAN, matter, revision)


def lower_form(view: MatterView) -> View | None:
    """Why the rating may be one step lower; None where it may not."""
    visit = view.matter.visit
    lower = lower_by_one(visit) if visit else None
    if visit is None or lower is None:
        return None
    old, new = _(names.RATING[visit.rating]), _(names.RATING[lower])
    words = _(labels.LOWER, old=old, new=new)
    box = parts.text(REASON_MAX, multiline=True)
    return parts.form(
        Form.LOWER_RATING,
        pack(view.matter.id, lower.value, visit.revision),
        [
            section(plan_text(view, visit)),
            section(words),
            question(Field.REASON, _(labels.FIELD_LOWER), box, hint=_(labels.HINT_LOWER)),
        ],
    )


def why_no_lower(view: MatterView) -> Reason:
    """The rule by which `lower_form` has no form; the rules have the last word."""
    visit = view.matter.visit
    if visit is None or visit.approval is Approval.CONFIRMED:
        return Reason.ALREADY_CONFIRMED
    if visit.lowering is not None:
        return Reason.ALREADY_PROPOSED
    planned = visit.state is VisitState.PLANNED
    return Reason.NOT_ONE_STEP if planned else Reason.LOWERED_TOO_LATE


def _reason(which: Form, matter: MatterId, revision: int) -> View:
    box = parts.text(REASON_MAX, multiline=True)
    asked = question(Field.REASON, _(labels.FIELD_REASON), box, hint=_(labels.HINT_REASON))
    return parts.form(which, pack(matter, number=revision), [asked])


@strict
def read_confirm(body: Body, now: datetime) -> Request:
    """Confirmed, for the revision that was shown. The rules take no longer interval than theirs."""
    shown = carried_by_form(body)
    every = typed.chosen(typed.values_of(body), Field.EVERY)
    shorter = timedelta(minutes=int(every)) if every and 0 < int(every) <= max(EVERY) else None
    return Request(
        key_of_form(body),
        user_of(body),
        OfMatter(shown.matter),
        lambda by: ConfirmPlan(now, by, shown.number, shorter),
    )


@strict
def read_ask_changes(body: Body, now: datetime) -> Request:
    """Changes are asked for."""
    shown, reason = carried_by_form(body), _reason_typed(body)
    return Request(
        key_of_form(body),
        user_of(body),
        OfMatter(shown.matter),
        lambda by: AskChanges(now, by, shown.number, reason),
    )


@strict
def read_decline(body: Body, now: datetime) -> Request:
    """Declined."""
    shown, reason = carried_by_form(body), _reason_typed(body)
    return Request(
        key_of_form(body),
        user_of(body),
        OfMatter(shown.matter),
        lambda by: DeclinePlan(now, by, shown.number, reason),
    )


@strict
def read_lower(body: Body, now: datetime) -> Request:
    """A lower rating is proposed."""
    shown, reason = carried_by_form(body), _reason_typed(body)
    rating = Rating(shown.said)
    return Request(
        key_of_form(body),
        user_of(body),
        OfMatter(shown.matter),
        lambda by: LowerRating(now, by, shown.number, rating, reason),
    )


@strict
def agree_lowering(body: Body, now: datetime) -> Request:
    """A second approver agrees to the lower rating that was shown."""
    shown = carried(body)
    return Request(
        key_of_action(body),
        user_of(body),
        OfMatter(shown.matter),
        lambda by: AgreeLowering(now, by, shown.number),
        reply=True,
    )


def _reason_typed(body: Body) -> str:
    return typed.text(typed.values_of(body), Field.REASON, REASON_MAX, needed=True)
