"""Whatever the bot sends in a scenario is held against Block Kit at its end."""

import pytest

from tests.block_kit import Breach

LINE = {"type": "divider", "block_id": "same"}


async def test_one_block_id_for_two_blocks_is_noticed_when_the_scenario_is_over(county):
    with pytest.raises(Breach, match=r"chat\.postMessage: block_id used twice"):
        await a_scenario_that_says(county, [LINE, LINE])


async def a_scenario_that_says(county, blocks):
    async with county() as c:
        token = c.bot.settings.slack_bot_token.get_secret_value()
        said = {"token": token, "channel": c.jo.user, "text": "x", "blocks": blocks}
        url = f"{c.workspace.url}/api/chat.postMessage"
        async with c.workspace.http.post(url, json=said) as answer:
            assert (await answer.json())["error"] == "invalid_blocks"
