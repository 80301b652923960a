"""This holds names typed by people: they become ids where Slack makes them so."""

import copy

import pytest

from sandbox.mentions import with_ids
from tests.sandbox.conftest import MANIFEST

TYPED = {
    "hello @ana.": "hello <@UANA>.",
    "@belay help": "<@U0SANDBOXB> help",
    "see #field, please": "see <#CFIELD>, please",
    "#hidden and @nobody": "#hidden and @nobody",
    "<@UANA> and ana@example.org": "<@UANA> and ana@example.org",
}


@pytest.mark.parametrize("typed", TYPED)
def test_a_typed_name_becomes_an_id(world, typed):
    assert with_ids(world.box.workspace, typed) == TYPED[typed]


@pytest.mark.parametrize(("escape", "arrives"), [(True, "<@UANA|ana>"), (False, "@ana")])
async def test_a_command_gets_ids_only_if_its_manifest_says_so(world, bolt, start, escape, arrives):
    manifest = copy.deepcopy(MANIFEST)
    manifest["features"]["slash_commands"][0]["should_escape"] = escape
    await world.install(manifest)

    @bolt.command("/belay")
    async def command(ack, command):
        await ack(command["text"])

    await start(bolt)
    told = await world.act("command", command="/belay", text="visit @ana")
    assert told["answer"] == f"visit {arrives}"
