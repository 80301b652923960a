"""A proposal is signed by two, and becomes a version; what has changed meanwhile ends it."""

import pytest
from sqlalchemy import insert

from bot.matrix import body, change
from bot.matrix.change import DropRow, Outside, Phrase, PutRow
from bot.matrix.model import TierKey
from bot.revising import Adopted, Refused, Signed, Signing, present, sign
from bot.runner import write
from bot.slack.words import signing as words
from protocol.people import Language, Role
from storage import audit, matrix_state, matrix_versions, proposals, tables
from storage.proposals import Proposal
from storage.revision_tables import Ended, Source
from tests.county import PROGRAM, slack_id
from tests.matrix import small
from tests.protocol.world import JO, LIN, MAYA, NOON, OMAR, OUTSIDER, PAT

WHOLE = small.matrix()
GRANDMA = Phrase(row="ride", language=Language.EN, text="wheel grandma to dialysis")
WAGON = Phrase(row="ride", language=Language.EN, text="tow him in my wagon")


def retiered(key, tier):
    return PutRow(row=WHOLE.by_key[key].model_copy(update={"tier": tier}))


class Desk:
    """The people who propose and sign, over one database."""

    def __init__(self, county):
        self.county, self.ctx, self.made = county, county.ctx, 0

    def proposes(self, *changes, base=WHOLE, measured=True, lost=0, against=None):
        self.made += 1
        effect = {"against": against or self.now().version, "lost": lost, "unfit": ""}
        one = Proposal(
            f"p{self.made}",
            PROGRAM,
            base.version,
            Source.GAP,
            tuple(change.dump(changes)),
            "asked every week",
            JO,
            NOON,
            effect=effect if measured else None,
        )
        assert self.ctx.database.run_sync(proposals.add, one)
        return one.id

    async def signs(self, who, which, seen=""):
        return await write(self.ctx, sign, Signing(which, slack_id(who), WHOLE, seen))

    async def adopts(self, *changes, **more):
        which = self.proposes(*changes, **more)
        assert isinstance(await self.signs(MAYA, which), Signed)
        return await self.signs(LIN, which)

    def now(self):
        return self.ctx.database.run_sync(present, PROGRAM, WHOLE)

    def one(self, which):
        return self.ctx.database.run_sync(proposals.one, which)

    def versions(self):
        return self.ctx.database.run_sync(matrix_versions.numbered, PROGRAM)

    def measure(self, which):
        effect = {"against": self.now().version, "lost": 0, "unfit": ""}
        self.ctx.database.run_sync(proposals.put_effect, which, effect)


@pytest.fixture
def desk(county):
    return Desk(county)


async def test_with_both_signatures_it_is_a_version_that_says_who_when_and_why(desk):
    which = desk.proposes(GRANDMA)
    first = await desk.signs(LIN, which)
    assert isinstance(first, Signed)
    assert first.role is Role.CLINICAL_LEAD
    assert desk.versions() == []
    done = await desk.signs(MAYA, which)
    assert isinstance(done, Adopted)
    [version] = desk.versions()
    assert version == done.version
    assert (version.number, version.base, version.reason) == (1, WHOLE.version, "asked every week")
    assert (version.author, version.peer_supervisor, version.clinical_lead) == (JO, MAYA, LIN)
    assert version.at == NOON
    assert body.read(version.text).version == version.version
    assert desk.one(which).ended_how is Ended.ADOPTED
    assert desk.now().version == version.version


async def test_only_who_holds_one_of_the_two_roles_may_sign(desk):
    which = desk.proposes(GRANDMA)
    for who in (JO, PAT, OUTSIDER):
        assert await desk.signs(who, which) == Refused(words.NOT_YOURS)
    assert await desk.signs(MAYA, "no such proposal") == Refused(words.NOT_YOURS)


async def test_nobody_signs_twice_and_one_role_is_not_enough(desk):
    which = desk.proposes(GRANDMA)
    await desk.signs(LIN, which)
    assert (await desk.signs(LIN, which)).sentence == words.SIGNED_BEFORE
    assert (await desk.signs(OMAR, which)).sentence == words.ROLE_TAKEN
    assert desk.versions() == []


@pytest.mark.parametrize("order", [(MAYA, LIN), (LIN, MAYA)])
async def test_whoever_holds_both_roles_makes_room_for_the_other(desk, order):
    grant = {"program_id": PROGRAM, "from_at": NOON}
    both = {MAYA: Role.CLINICAL_LEAD, LIN: Role.PEER_SUPERVISOR}[order[0]]
    desk.ctx.database.run_sync(
        lambda conn: conn.execute(
            insert(tables.role_grant).values(person_id=order[0], role=both, **grant)
        )
    )
    which = desk.proposes(GRANDMA)
    await desk.signs(order[0], which)
    assert isinstance(await desk.signs(order[1], which), Adopted)
    [version] = desk.versions()
    assert (version.peer_supervisor, version.clinical_lead) == (MAYA, LIN)


async def test_until_its_effect_is_known_the_last_signature_waits(desk):
    which = desk.proposes(GRANDMA, measured=False)
    assert isinstance(await desk.signs(MAYA, which), Signed)
    assert (await desk.signs(LIN, which)).sentence == words.NOT_YET
    assert desk.one(which).clinical_lead is None
    desk.measure(which)
    assert isinstance(await desk.signs(LIN, which), Adopted)


async def test_an_effect_on_another_version_is_not_enough(desk):
    which = desk.proposes(GRANDMA)
    await desk.signs(MAYA, which)
    assert isinstance(await desk.adopts(Outside(language=Language.EN, text="lol")), Adopted)
    assert (await desk.signs(LIN, which)).sentence == words.NOT_YET
    desk.measure(which)
    assert isinstance(await desk.signs(LIN, which), Adopted)


async def test_what_loses_an_urgent_question_is_not_signed(desk):
    which = desk.proposes(retiered("fire", TierKey.U4), lost=1)
    assert (await desk.signs(MAYA, which)).sentence == words.LOSES_URGENT
    assert desk.one(which).peer_supervisor is None


async def test_the_tick_counts_for_the_version_that_was_read_and_is_kept_in_the_history(desk):
    which = desk.proposes(retiered("fire", TierKey.U1))
    effect = {"against": WHOLE.version, "lost": 0, "less": 1, "unfit": ""}
    desk.ctx.database.run_sync(proposals.put_effect, which, effect)
    for seen in ("", "another"):
        refused = await desk.signs(MAYA, which, seen)
        assert refused.sentence == words.LESS_NOT_SEEN
    assert isinstance(await desk.signs(MAYA, which, WHOLE.version), Signed)
    assert (await desk.signs(MAYA, which, WHOLE.version)).sentence == words.SIGNED_BEFORE
    assert isinstance(await desk.signs(LIN, which, WHOLE.version), Adopted)
    kept = [row.body for row in desk.county.rows("audit_body")]
    assert str(kept).count("seen_less_urgent") == 2


async def test_what_could_not_be_tried_is_not_signed(desk):
    which = desk.proposes(GRANDMA)
    effect = {"against": WHOLE.version, "lost": 0, "unfit": "It is too different."}
    desk.ctx.database.run_sync(proposals.put_effect, which, effect)
    assert (await desk.signs(MAYA, which)).sentence == words.UNTRIED


async def test_two_proposals_that_add_words_to_one_row_are_both_adopted(desk):
    one, other = desk.proposes(GRANDMA), desk.proposes(WAGON)
    for which in (one, other):
        await desk.signs(MAYA, which)
        desk.measure(which)
        assert isinstance(await desk.signs(LIN, which), Adopted)
    assert [version.number for version in desk.versions()] == [2, 1]
    texts = [phrase.text for _, phrase in desk.now().packs["ride"].live["ride"].all()]
    assert {GRANDMA.text, WAGON.text} <= set(texts)


async def test_of_two_proposals_for_one_row_the_second_ends_and_says_so(desk):
    one = desk.proposes(retiered("smoke", TierKey.U1))
    other = desk.proposes(retiered("smoke", TierKey.U4))
    await desk.signs(MAYA, one)
    await desk.signs(MAYA, other)
    assert isinstance(await desk.signs(LIN, one), Adopted)
    refused = await desk.signs(LIN, other)
    assert refused.sentence == words.OVERTAKEN
    assert refused.proposal.ended_how is Ended.OVERTAKEN
    assert desk.now().by_key["smoke"].tier is TierKey.U1
    assert (await desk.signs(OMAR, other)).sentence == words.GONE


async def test_words_for_a_row_that_was_deleted_end_with_it(desk):
    which = desk.proposes(GRANDMA)
    assert isinstance(await desk.adopts(DropRow(key="ride")), Adopted)
    assert (await desk.signs(MAYA, which)).sentence == words.OVERTAKEN


async def test_words_that_came_in_meanwhile_are_not_added_twice(desk):
    one, other = desk.proposes(GRANDMA), desk.proposes(GRANDMA)
    await desk.signs(MAYA, one)
    await desk.signs(LIN, one)
    assert (await desk.signs(MAYA, other)).sentence == words.OVERTAKEN


async def test_what_was_written_against_a_matrix_that_nobody_knows_is_overtaken(desk):
    strange = change.apply(WHOLE, [WAGON])
    which = desk.proposes(GRANDMA, base=strange)
    assert (await desk.signs(MAYA, which)).sentence == words.OVERTAKEN


async def test_old_versions_stay_readable_by_number_and_digest(desk):
    first = (await desk.adopts(GRANDMA)).version
    await desk.adopts(DropRow(key="ride"), base=desk.now())
    run = desk.ctx.database.run_sync
    assert run(matrix_versions.of, PROGRAM, 1) == first
    assert run(matrix_versions.of, PROGRAM, first.version) == first
    assert "ride" in body.read(first.text).by_key
    assert run(matrix_versions.present) == {PROGRAM: desk.now().version}


def adopt(desk, version, *roles):
    for role, by in roles:
        desk.ctx.database.run_sync(matrix_state.adopt, PROGRAM, version, role=role, by=by, at=NOON)


async def test_what_a_program_had_adopted_stays_adopted(desk):
    roles = zip(matrix_state.ADOPTERS, (MAYA, OMAR, PAT), strict=True)
    adopt(desk, WHOLE.version, *roles)
    version = (await desk.adopts(GRANDMA)).version.version
    assert desk.ctx.database.run_sync(matrix_state.adopted, PROGRAM, version)
    signed = desk.ctx.database.run_sync(matrix_state.adopters, PROGRAM, version)
    assert tuple(signed[role] for role in matrix_state.ADOPTERS) == (MAYA, LIN, PAT)


async def test_a_draft_stays_a_draft(desk):
    adopt(desk, WHOLE.version, (Role.CLINICAL_LEAD, LIN), (Role.PEER_SUPERVISOR, MAYA))
    version = (await desk.adopts(GRANDMA)).version.version
    assert not desk.ctx.database.run_sync(matrix_state.adopted, PROGRAM, version)


async def test_each_step_is_in_the_history_without_what_was_typed(desk):
    which = desk.proposes(GRANDMA)
    await desk.signs(MAYA, which)
    await desk.signs(LIN, which)
    lines = desk.county.rows("audit_line")
    assert [
        (line.event, line.actor) for line in lines if line.chain == f"matrix_proposal/{which}"
    ] == [
        ("MatrixProposed", JO),
        ("MatrixProposalSigned", MAYA),
        ("MatrixProposalSigned", LIN),
        ("MatrixProposalEnded", LIN),
    ]
    assert [line.event for line in lines if line.chain == f"matrix/{PROGRAM}"] == [
        "MatrixVersionAdopted"
    ]
    assert "asked every week" not in str(desk.county.rows("audit_body"))
    assert desk.ctx.database.run_sync(audit.verify).ok
