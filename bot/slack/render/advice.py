"""This draws the lower half of a page: what to do, step by step, and help from outside."""

from bot.slack.render.blocks import context, lines, section, typed
from bot.slack.render.times import clock
from bot.slack.render.view import Block, MatterView
from bot.slack.words import onboarding, pages
from bot.slack.words.speech import _
from protocol.records import Escalation


def label(view: MatterView) -> str:
    """Where the worker is. A long name that the form's menu had to cut is shown whole."""
    stop, place = view.visit.stop if view.visit else None, view.place
    known = stop.label if stop else ""
    was_cut = known.endswith("…") and place is not None and place.label.startswith(known[:-1])
    return place.label if place is not None and was_cut else known


def script(view: MatterView, escalation: Escalation) -> str:
    """What to do, in order, and whom to send."""
    steps = pages.SCRIPT[escalation.kind]
    numbered = [f"{number}. {_(step)}" for number, step in enumerate(steps, start=1)]
    place = view.place
    here = typed(place.send, 200) if place and place.send else None
    wanted = ", ".join(_(onboarding.SEND[one]) for one in view.agreed)
    agreed = _(onboarding.AGREED, send=wanted) if wanted else None
    send = _(pages.SEND, send=here) if here else None
    known = lines(agreed, send) or _(pages.SEND_UNKNOWN)
    return lines(_(pages.WHAT_TO_DO), *numbered, known)


def outside_help(view: MatterView, escalation: Escalation) -> list[Block]:
    """The number of the county, and what to read out to whoever answers."""
    directory, visit = view.directory, view.visit
    heard = visit.last_heard_at if visit else None
    unknown = _(pages.NOT_KNOWN)
    card = _(
        pages.READ_OUT,
        place=typed(label(view) or _(pages.NO_LABEL), 120) if visit else unknown,
        last=clock(heard, directory.zone) if heard else unknown,
        alone=_(pages.PAIR if visit and visit.plan.partner else pages.ALONE),
        who_calls=typed(directory.name(escalation.owner), 80) if escalation.owner else "...",
    )
    number = directory.county_number
    shown = _(pages.COUNTY, number=typed(number, 30)) if number else None
    return [section(lines(shown, card)), context(_(pages.ADDRESSES))]
