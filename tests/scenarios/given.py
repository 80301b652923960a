"""This is how scenarios begin: a plan, a confirmed plan, a visit. All that it sends is expected."""

from bot.demo.news import News
from tests.harness import (
    ASK,
    CARD,
    PAGE,
    PLAN,
    PLAN_ANSWERED,
    REMINDER,
    UPDATE,
    County,
    Someone,
)

SHELTER = "Main St shelter"
DANGEROUS = {"What do you know about the place?": ["Drug market nearby"]}
SPOKEN = "I spoke with them; the challenge was right"
ACCOUNTED = {"How do you know?": SPOKEN, "What was it?": "Visit took longer"}
IS_OVER = {**ACCOUNTED, "And the visit?": "Over: the clock stops"}
GOES_ON = {**ACCOUNTED, "And the visit?": "Still out: the clock runs on"}


def answers(**more):
    """This is the plan form, filled in: the shelter, at a quarter past one, for two hours."""
    return {
        "Where?": SHELTER,
        "When?": "13:15",
        "How long?": "2 h",
        "What for?": "Outreach",
        **more,
    }


async def planned(c: County, who: Someone, more=None) -> None:
    """Somebody has planned a visit; Rosa and the field-safety channel were asked to confirm it."""
    await who.commands("/visit")
    said = await who.submits(answers(**(more or {})))
    assert said["errors"] == {}
    await who.expects_dm(CARD, "Plan sent, not confirmed yet", "[I'm here]", "[Help: call me]")
    await c.rosa.expects_dm(PLAN, who.name, "[Confirm plan]")
    await c.field_safety.expects(PLAN, who.name, "[Confirm plan]")


async def confirmed(c: County, who: Someone, every: str = "", more=None) -> None:
    """A plan was confirmed by Rosa, and its worker's card says so."""
    await planned(c, who, more)
    await c.rosa.presses("Confirm plan")
    said = await c.rosa.submits({"Check in every": every} if every else {})
    assert said["errors"] == {}
    await who.expects_dm(PLAN_ANSWERED, "Confirmed by Rosa Delgado.", "You can still turn back.")
    await who.sees("Plan confirmed. You can still turn back.", "[I'm here]", "[Help: call me]")


async def on_a_visit(c: County, who: Someone, every: str = "30 min", more=None) -> None:
    """A worker is on a confirmed visit since 1:15 PM; the next check-in is due `every` later."""
    await confirmed(c, who, every, more)
    # Ten minutes before arrival is due a reminder would come; they are there before that.
    await c.clock.forward(minutes=15)
    await who.presses("I'm here")
    await who.sees("1:15 PM I'm here", "[OK]")
    # Edits are paced, so this one came some seconds later; it is recorded, too, before all goes on.
    await c.clock.settle()


async def missed(c: County, who: Someone) -> None:
    """A worker on a low visit, with check-ins each 30 minutes, has not answered: the first rung."""
    await on_a_visit(c, who)
    for minutes in (25, 5, 5):
        await c.clock.forward(minutes=minutes)
        await who.expects_dm(REMINDER)
    await c.clock.forward(minutes=5)
    await who.expects_dm(REMINDER, "people were told")
    await c.rosa.expects_page("Missed check-in", who.name)
    await c.theo.expects_page("Missed check-in", who.name)


async def missed_twice(c: County, who: Someone) -> News:
    """As `missed`, and nobody on the first rung answered: the second rung, and an incident.

    Gives the head of its thread.
    """
    await missed(c, who)
    await c.clock.forward(minutes=5)
    await c.lin.expects_page("Missed check-in", who.name)
    await c.maya.expects_page("Missed check-in", who.name)
    await c.clinical.expects(PAGE, "Missed check-in", who.name)
    head = await c.incidents.expects("Missed check-in · Tue Dec 1, 1:55 PM", "Facts only")
    await c.incidents.expects("1:55 PM · Step 1: 2 people were paged.")
    await c.incidents.expects("2:00 PM · Step 2: 2 people were paged; 4 in all so far.")
    return head


async def acknowledged(c: County, by: Someone, worker: Someone) -> None:
    """Somebody has it, and the worker hears so."""
    await by.presses("I have it")
    await worker.expects_dm(UPDATE, f"{by.name} has seen this.")


async def called_for_help(c: County, who: Someone) -> None:
    """Somebody on no visit asks for a call: the first rung of the help ladder."""
    said = await who.commands("/sos call")
    assert "Received" in said["answer"]
    await who.expects_dm("Received. Your team is being paged")
    await who.expects_dm(UPDATE, "")
    await who.expects_dm(CARD, "You asked for help")
    for one in (c.rosa, c.theo, c.lin):
        await one.expects_page("Help: call me", who.name)
    await c.clinical.expects(PAGE, "Help: call me", who.name)
    await c.incidents.expects("Incident", "Help: call me")
    await c.incidents.expects("Step 1: 3 people were paged.")


async def stood_down(c: County, people, worker: str) -> None:
    """Everybody who was paged hears that it is over, and so does the clinical channel."""
    for one in people:
        await one.expects_dm("Belay: accounted for", f"Stand down. {worker} is accounted for.")
    await c.clinical.expects("Belay: accounted for", "Stand down. The worker is accounted for.")
    await c.incidents.expects("Closed: the worker is accounted for.", "What it was: ")


async def asked_to_confirm(people, by: str) -> None:
    """These were asked to be the second who confirms."""
    for one in people:
        await one.expects_dm(ASK, f"{by} says that the worker is accounted for", "[Confirm]")
