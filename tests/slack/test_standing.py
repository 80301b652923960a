"""Standing plans as people read them, and low plans that are read together."""

import pytest

from bot.slack import render
from bot.slack.carried import Carried
from bot.slack.ids import Action, Field
from bot.slack.modals import batch as batch_forms
from bot.slack.modals import standing as forms
from bot.slack.modals.batch import Whole, with_plan
from bot.slack.read.payload import BadInput
from bot.slack.render import batch, standing
from bot.slack.render.batch import BatchView
from bot.slack.render.standing import StandingView
from bot.slack.words.speech import speaking
from protocol import standing as rules
from protocol.effects import Said, Tell
from protocol.ids import MatterId, ProgramId
from protocol.plan import Stop
from protocol.standing import MAKES_NONE, Standing, Why
from protocol.standing_news import read, tell
from storage.batches import Read
from tests.protocol.world import JO, MAYA, NOON, ROSA, SHELTER, minutes, plan, planned, situation
from tests.slack.examples import DIRECTORY, view, with_visit
from tests.slack.readable import readable


def active(**more):
    asked = rules.ask("s1", planned().matter, plan(**more), (1, 3), 30, NOON)
    assert isinstance(asked, Standing)
    found = rules.confirm(asked, ROSA, NOON, 30, None, situation())
    assert isinstance(found, Standing)
    return found


def news(said, found, start_at=None, to=JO):
    told = tell(found, said, to, NOON, start_at=start_at)
    return readable(render.message(told, view(planned())).blocks)


# --- standing plans --------------------------------------------------------------------------


def test_what_is_packed_into_a_message_comes_out_again():
    found = rules.ended(active(), Why.NEW_FLAG, NOON)
    told = tell(found, Said.STANDING_ENDED, JO, NOON, start_at=NOON + minutes(60))
    out = read(told.text)
    assert (out.standing, out.why, out.pattern) == ("s1", Why.NEW_FLAG, found.pattern)
    assert (out.expected, out.days, out.label) == (minutes(90), 30, SHELTER.label)
    assert (out.until_at, out.start_at) == (found.until_at, NOON + minutes(60))


@pytest.mark.parametrize(
    "text", ["", "go with Sam", "1 2 3 4 5 6 7 8 9 0", "s1 - x 9:00 a b c d e f"]
)
def test_what_was_not_packed_is_nothing_and_is_shown_all_the_same(text):
    assert read(text) is None
    told = Tell("k", JO, Said.STANDING_ENDED, NOON, JO, text)
    shown = readable(render.message(told, view(planned())).blocks)
    assert "The standing plan of Jo has ended." in shown
    assert "no clock runs for it" in shown


def test_an_approver_reads_the_days_and_hours_and_can_answer():
    shown = news(Said.STANDING_ASKED, active(), to=MAYA)
    assert "Jo asks for a standing plan" in shown
    assert "Every Tuesday and Thursday at 1:00 PM, 1 h 30 min" in shown
    assert "[Read and answer] [Decline]" in shown


def test_only_the_worker_is_offered_to_ask_again():
    assert "[Ask again]" in news(Said.STANDING_ENDS_SOON, active(), to=JO)
    assert "[Ask again]" not in news(Said.STANDING_ENDS_SOON, active(), to=ROSA)


@pytest.mark.parametrize("why", list(Why))
def test_every_end_says_why_and_what_becomes_of_the_next_visit(why):
    over = rules.ended(active(), why, NOON)
    shown = news(Said.STANDING_ENDED, over, NOON + minutes(60))
    none, waits = "no clock runs for it" in shown, "waits for an answer" in shown
    made = why in {Why.APPROVER_GONE, Why.NEW_FLAG, Why.NEW_FACTOR, Why.NOT_LOW, Why.NO_COVER}
    assert none == (why in MAKES_NONE | {Why.FAULT})
    assert waits == made
    assert ("Tue Mar 10, 1:00 PM" in shown) == (none or made)


def test_a_place_is_never_acted_on_by_slack():
    found = active(stops=(Stop("<!channel> gate", SHELTER.id),))
    assert "<!channel>" not in news(Said.STANDING_ASKED, found, to=MAYA)


def test_days_and_hours_are_said_in_the_readers_language():
    with speaking("es"):
        assert standing.weekdays(active().pattern) == "martes y jueves"


def test_the_home_offers_the_peer_to_skip_and_to_end_and_the_approver_to_end():
    found = active()
    mine = readable(standing.part(StandingView(JO, (found,))))
    assert "[Skip Tue Mar 10, 1:00 PM] [End it]" in mine
    theirs = readable(standing.part(StandingView(MAYA, (found,), DIRECTORY.names)))
    assert "Jo" in theirs
    assert "Skip" not in theirs
    waits = rules.ask("s1", planned().matter, plan(), (1,), 30, NOON)
    assert isinstance(waits, Standing)
    assert "[Read and answer] [End it]" in readable(standing.part(StandingView(MAYA, (waits,))))
    assert "Waits for a yes" in readable(standing.part(StandingView(JO, (waits,))))


def test_the_form_offers_thirty_days_at_most_and_says_until_when():
    form = forms.ask_form(Carried(MatterId("m1")), plan(), (1,), NOON)
    menu = next(b for b in form["blocks"] if b.get("block_id") == Field.DAYS)["element"]
    assert [one["value"] for one in menu["options"]] == ["7", "14", "21", "30"]
    assert menu["options"][-1]["text"]["text"] == "30 days, until Thu Apr 9, 12:00 PM"


# --- low plans that are read together --------------------------------------------------------


def listed(*matters):
    """The list as Slack shows it, of these matters, with nothing opened."""
    plans = tuple(Read(no, MatterId(which), 0) for no, which in enumerate(matters))
    rows = [
        {"type": "section", "block_id": f"row~{no + 1}", "text": {"type": "mrkdwn", "text": which}}
        for no, which in enumerate(matters)
    ]
    packed = batch_forms.Carrying(ProgramId("county"), plans).packed()
    shown = {"id": "V1", "private_metadata": packed, "blocks": rows, "type": "modal"}
    return {"view": {**shown, "state": {"values": {}}}, "user": {"id": "U_ROSA"}}


def sent(body, *ticked):
    values = {
        f"ticked~{no + 1}": {"ticked": {"selected_options": [{"value": str(no)}]}} for no in ticked
    }
    return {**body, "view": {**body["view"], "state": {"values": values}}}


def opened(body, number, revision=1):
    matter = with_visit(planned().matter, revision=revision)
    changed = with_plan(body, number, Whole(view(matter), ("Rosa",)))
    assert not isinstance(changed, BadInput)
    return {**body, "view": {**body["view"], **changed}}


def test_a_plan_can_be_ticked_once_it_was_opened_and_counts_as_the_revision_that_was_read():
    body = listed("m1", "m2")
    assert isinstance(batch_forms.read(sent(body, 0)), BadInput), "never opened"
    body = opened(body, 1, revision=3)
    found = batch_forms.read(sent(body, 1))
    assert found.plans == (Read(1, MatterId("m2"), 3),)
    assert isinstance(batch_forms.read(sent(body, 0, 1)), BadInput), "one of them never opened"


def test_what_is_opened_stays_open_when_the_next_one_is():
    body = opened(opened(listed("m1", "m2"), 0), 1)
    ids = [block["block_id"] for block in body["view"]["blocks"]]
    assert ids == ["row~1", "ticked~1", "row~2", "ticked~2"]


def test_a_plan_without_cover_or_that_is_gone_has_no_box():
    for found in (Whole(view(planned())), None):
        changed = with_plan(listed("m1"), 0, found)
        assert not isinstance(changed, BadInput)
        assert [block["type"] for block in changed["blocks"]] == ["section"]
        assert isinstance(batch_forms.read(sent(listed("m1"), 0)), BadInput)


def test_a_plan_is_shown_whole():
    text = opened(listed("m1"), 0)["view"]["blocks"][0]["text"]["text"]
    for part in (
        "Main Street shelter",
        "1:00 PM",
        "1 h 30 min",
        "Outreach",
        "Rating: *Low*",
        "Goes alone",
        "No check-in before the planned end at 2:30 PM",
        "On duty then: Rosa",
        "paged after 10 min",
    ):
        assert part in text


def test_the_same_form_sent_twice_is_one_request():
    body = sent(opened(listed("m1"), 0), 0)
    assert batch_forms.read(body).id == batch_forms.read(body).id


def test_the_button_stands_where_there_are_several():
    assert batch.part(BatchView(1)) == []
    (row,) = batch.part(BatchView(2))
    assert row["elements"][0]["action_id"] == Action.READ_LOW_PLANS
