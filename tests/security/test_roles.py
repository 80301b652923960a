"""Who may do what, cell by cell: every kind of person presses everything that Belay knows of."""

import pytest

from tests.protocol.world import SHELTER
from tests.security import states
from tests.security.deeds import DEEDS, KNOWN
from tests.security.desk import Desk, patient, sent_by
from tests.security.page import PAGE, written
from tests.security.people import BUS_STATION, KINDS, SURNAME
from tests.security.roles import TABLE

# Whatever shows one of these has shown something of the county.
OF_THE_COUNTY = (SURNAME, BUS_STATION, SHELTER.label, "Library")


def cell(came):
    if came.did:
        return "does"
    return "sees" if any(word in came.shown for word in OF_THE_COUNTY) else ""


@pytest.mark.parametrize("name", sorted(states.MOMENTS))
async def test_each_kind_of_person_can_do_and_see_what_the_table_says_and_no_more(name, tmp_path):
    wrong = []
    with states.county(tmp_path, name) as county, patient():
        await states.MOMENTS[name](county)
        desk = Desk(states.moment(county))
        await desk.door.learn()
        for deed in (one for one in DEEDS if one.moment == name):
            for kind, user in KINDS.items():
                came = await desk.gets(sent_by(user, deed.make(desk.moment)))
                assert came.status == 200, (deed.name, kind)
                found, wanted = cell(came), TABLE[deed.name].of(kind)
                if found != wanted:
                    wrong.append(f"{deed.name}: {kind}: {found or 'nothing'}, not {wanted}")
    assert not wrong, "\n".join(wrong)


def test_everything_that_the_code_has_a_word_for_is_tried_and_has_a_row():
    tried = [deed.name for deed in DEEDS]
    assert len(set(tried)) == len(tried)
    assert set(tried) == TABLE.keys(), "each deed of deeds.py has a row in roles.py"
    assert set(tried) >= KNOWN, f"no deed in deeds.py for {sorted(KNOWN - set(tried))}"
    assert {deed.moment for deed in DEEDS} == states.MOMENTS.keys()


def test_who_is_nobody_here_does_and_sees_nothing():
    nobody = ("former employee", "guest", "stranger")
    assert not [name for name, row in TABLE.items() if any(row.of(kind) for kind in nobody)]
    elsewhere = ("moved away", "other program")
    assert not [name for name, row in TABLE.items() if set(row.sees) & set(elsewhere)]


def test_the_page_shows_the_table():
    assert PAGE.read_text(encoding="utf-8") == written(), "run: python -m tests.security.page"
