"""A refused form comes back as it was typed, with the rule and what to do instead."""

from tests.scenarios import given

NOTE = "Meet at the back door"


async def test_a_refused_plan_stands_in_the_form_and_can_be_mended(county):
    async with county() as c:
        await c.jo.commands("/visit")
        await c.jo.presses_in_form("More details")
        typed = given.answers(
            **{"Where?": "River bend encampment", "Also": ["I carry cash"], "Sealed note": NOTE}
        )
        said = await c.jo.submits(typed)
        assert "No cash on visits" in " ".join(said["errors"].values())
        form = await c.jo.form()
        assert form["values"]["note"]["note"]["value"] == NOTE
        assert form["values"]["place"]["place"]["selected_option"]["value"].endswith(
            "river-encampment"
        )

        said = await c.jo.submits({"Also": []})
        assert said["errors"] == {}
        await c.jo.expects_dm("Plan sent, not confirmed yet")
        await c.rosa.expects_dm("There is a sealed note.")
        await c.field_safety.expects("River bend encampment")
        for text in [*await c.rosa.reads(), *await c.jo.reads()]:
            assert "back door" not in text
