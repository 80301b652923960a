"""The real doctor against a real sandbox: everything it can find is broken here, one at a time."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from bot import observe
from bot.cli import base
from bot.cli.findings import NOTES, Kind
from bot.slack import manifest
from storage import schema
from storage.sealing import generate_key
from tests.answering import FakeEngine

# The example program's channels.
FIELD, CLINICAL, INCIDENTS = "C_FIELD", "C_CLINICAL", "C_INCIDENTS"
# A privacy officer, who is in no channel and has no duty.
NOOR = "U_NOOR"
STORED = "%Y-%m-%d %H:%M:%S.%f"


async def test_where_nothing_is_wrong_it_says_so_and_does_not_promise_too_much(installation):
    result = await installation.belay("doctor")
    assert result.exit_code == 0
    assert "0 faults, 0 warnings, 1 note (exit code 0)." in result.stdout
    assert "Do not rely on it yet: it reaches people through Slack alone." in result.stdout


async def test_what_comes_first_is_mended_first_and_each_is_said_twice(installation):
    installation.setenv("BELAY_HEARTBEAT_URL", "")
    await installation.channel(CLINICAL, is_private=False)
    await installation.act("leave", channel=FIELD, app=True)
    result = await installation.belay("doctor")
    assert result.exit_code == base.FOUND
    lines = result.stdout.splitlines()
    assert [line for line in lines if line[:1].isupper() and "  " in line] == [
        "FAULT  channel_closed",
        "FAULT  channel_public",
        "WARNING  heartbeat_missing",
        "NOTE  manifest_unseen",
    ]
    assert lines[1] == (
        "  The field safety channel of river-county gets nothing: Belay is not in it. "
        "People are told directly instead."
    )
    assert lines[2].startswith("  To do: The field safety channel of river-county: Slack shows")
    assert FIELD in lines[2]
    assert lines[-2] == "2 faults, 1 warning, 1 note (exit code 1)."
    assert lines[-1].startswith("Begin with the first fault")


async def test_it_opens_no_connection_for_slack_to_deliver_into(installation):
    await installation.belay("doctor")
    calls = (await installation.workspace.get("/calls"))["calls"]
    assert "apps.connections.open" in [call["method"] for call in calls]
    assert (await installation.workspace.get("/faults"))["sockets"] == 0


async def test_over_http_no_connection_is_asked_for(installation):
    installation.setenv("BELAY_TRANSPORT", "http")
    installation.setenv("BELAY_SLACK_APP_TOKEN", "")
    assert await installation.kinds() == []
    calls = (await installation.workspace.get("/calls"))["calls"]
    assert "apps.connections.open" not in [call["method"] for call in calls]


async def test_no_token_and_no_key_is_repeated(installation):
    installation.setenv("BELAY_SLACK_APP_TOKEN", "xoxb-secret-one")
    installation.setenv("BELAY_SLACK_BOT_TOKEN", "xapp-secret-two")
    installation.setenv("BELAY_KEYS", generate_key())
    for options in ((), ("--json",)):
        said = (await installation.belay("doctor", *options)).output
        assert "secret" not in said
        assert os.environ["BELAY_KEYS"] not in said


# --- everything that it can find -----------------------------------------------------------------

BROKEN: dict[str, tuple[list[Kind], Any]] = {}


def breaks(*kinds: Kind):
    """This enters a way to break the installation, with all that doctor then finds, in order."""

    def enter(function):
        BROKEN[function.__name__.strip("_")] = (list(kinds), function)
        return function

    return enter


@breaks(Kind.SETTING_WRONG)
async def _a_setting_that_is_none(it):
    it.setenv("BELAY_HTTP_PORT", "many")


@breaks(Kind.SETTING_MISSING)
async def _no_app_token(it):
    it.setenv("BELAY_SLACK_APP_TOKEN", "")


@breaks(Kind.SETTING_MISSING)
async def _no_keys(it):
    it.setenv("BELAY_KEYS", "")


@breaks(Kind.TOKENS_SWAPPED)
async def _tokens_swapped(it):
    first, second = os.environ["BELAY_SLACK_BOT_TOKEN"], os.environ["BELAY_SLACK_APP_TOKEN"]
    it.setenv("BELAY_SLACK_BOT_TOKEN", second)
    it.setenv("BELAY_SLACK_APP_TOKEN", first)


@breaks(Kind.TOKEN_KIND)
async def _a_persons_token(it):
    it.setenv("BELAY_SLACK_BOT_TOKEN", "xoxp-of-a-person")


@breaks(Kind.KEY_WRONG)
async def _another_key(it):
    it.setenv("BELAY_KEYS", generate_key())


@breaks(Kind.DATABASE_SILENT)
async def _no_database(it):
    it.setenv("BELAY_DATABASE_URL", f"sqlite:///{it.folder / 'nowhere' / 'belay.db'}")


@breaks(Kind.DATABASE_EMPTY)
async def _an_empty_database(it):
    (it.folder / "belay.db").unlink()


@breaks(Kind.DATABASE_BEHIND)
async def _an_older_database(it):
    it.rows("UPDATE alembic_version SET version_num = '0001'")


@breaks(Kind.DATABASE_AHEAD)
async def _a_newer_database(it):
    it.rows("UPDATE alembic_version SET version_num = '9999'")


@breaks(Kind.SLACK_SILENT)
async def _slack_hangs_up(it):
    await it.fault("auth.test", "drop")


@breaks(Kind.SLACK_SILENT)
async def _slack_gives_no_connection(it):
    await it.fault("apps.connections.open", "http_500")


@breaks(Kind.TOKEN_REFUSED)
async def _an_old_token(it):
    it.setenv("BELAY_SLACK_BOT_TOKEN", "xoxb-sandbox-old")


@breaks(Kind.APP_TOKEN_REFUSED)
async def _an_old_app_token(it):
    it.setenv("BELAY_SLACK_APP_TOKEN", "xapp-old")


@breaks(Kind.APP_TOKEN_SCOPE)
async def _an_app_token_without_its_scope(it):
    await it.fault("apps.connections.open", error="missing_scope")


@breaks(Kind.SOCKET_MODE_OFF)
async def _socket_mode_is_off(it):
    await it.reinstall(url=it.workspace.url)


@breaks(Kind.SCOPE_MISSING)
async def _a_scope_was_not_granted(it):
    await it.reinstall(scopes=[one for one in manifest.SCOPES if one != "im:history"])


@breaks(Kind.SCOPE_EXTRA)
async def _a_scope_too_many(it):
    await it.reinstall(scopes=[*manifest.SCOPES, "reactions:read"])


@breaks(Kind.SCOPES_UNSEEN)
async def _no_word_of_scopes(it):
    it.headers["X-OAuth-Scopes"] = None


@breaks(Kind.CLOCK_SKEW)
async def _another_time(it):
    it.headers["Date"] = format_datetime(datetime.now(UTC) - timedelta(minutes=5), usegmt=True)


@breaks(Kind.PROGRAM_MISSING)
async def _no_program(it):
    (it.folder / "belay.db").unlink()
    await asyncio.to_thread(schema.upgrade, os.environ["BELAY_DATABASE_URL"])


@breaks(Kind.CHANNEL_UNNAMED)
async def _a_channel_is_not_named(it):
    it.rows("UPDATE program SET channels = json_remove(channels, '$.incidents')")


@breaks(Kind.CHANNEL_UNNAMED)
async def _a_huddle_has_no_channel(it):
    it.rows("UPDATE program SET channels = json_remove(channels, '$.huddle')")


@breaks(Kind.CHANNEL_CLOSED)
async def _belay_was_not_invited(it):
    await it.act("leave", channel=INCIDENTS, app=True)


@breaks(Kind.CHANNEL_CLOSED)
async def _a_channel_that_does_not_exist(it):
    it.rows("UPDATE program SET channels = json_set(channels, '$.incidents', 'C_NOWHERE')")


@breaks(Kind.CHANNEL_ARCHIVED)
async def _an_archived_channel(it):
    await it.channel(CLINICAL, is_archived=True)


@breaks(Kind.CHANNEL_PUBLIC)
async def _a_public_channel(it):
    await it.channel(CLINICAL, is_private=False)


@breaks(Kind.CHANNEL_SHARED)
async def _a_channel_shared_outside(it):
    await it.act("share_channel", channel=CLINICAL, team="T_OTHER")


@breaks(Kind.CHANNEL_SHARED)
async def _a_channel_about_to_be_shared(it):
    await it.act("share_channel", channel=CLINICAL, team="T_OTHER", pending=True)


@breaks(Kind.CHANNEL_GUESTS)
async def _a_guest_in_a_channel(it):
    await it.people("U_GUEST", name="guest", is_restricted=True)
    await it.channel(INCIDENTS, members=["U_MAYA", "U_GUEST", "app"])


@breaks(Kind.CHANNEL_CROWDED)
async def _a_channel_of_hundreds(it):
    crowd = [{"id": f"U_{number}", "name": f"one{number}"} for number in range(501)]
    await it.workspace.post("/setup", {"people": crowd})
    await it.channel(CLINICAL, members=[*(one["id"] for one in crowd), "app"])


@breaks(Kind.CHANNEL_UNREAD)
async def _no_word_of_a_channel(it):
    await it.fault("conversations.info", error="internal_error", match={"channel": CLINICAL})


@breaks(Kind.PERSON_UNNAMED)
async def _somebody_without_a_slack_id(it):
    it.rows("UPDATE person SET slack_user = NULL WHERE id = 'sam'")


@breaks(Kind.PERSON_UNKNOWN)
async def _an_id_that_nobody_has(it):
    it.rows("UPDATE person SET slack_user = 'U_NOBODY' WHERE id = 'sam'")


@breaks(Kind.PERSON_DEACTIVATED)
async def _somebody_who_left(it):
    await it.people(NOOR, deleted=True)


@breaks(Kind.PERSON_BOT)
async def _an_app_for_a_person(it):
    await it.people(NOOR, is_bot=True)


@breaks(Kind.PERSON_OUTSIDE)
async def _somebody_of_another_workspace(it):
    await it.people(NOOR, team_id="T_OTHER")


@breaks(Kind.PERSON_UNREAD)
async def _no_word_of_a_person(it):
    await it.fault("users.info", error="internal_error", match={"user": NOOR})


@breaks(Kind.ROLE_EMPTY)
async def _nobody_holds_a_role(it):
    it.rows("DELETE FROM role_grant WHERE role = 'executive'")


@breaks(Kind.APPROVER_ALONE)
async def _one_approver(it):
    it.rows("DELETE FROM role_grant WHERE person_id IN ('rosa', 'theo')")


@breaks(Kind.COVER_NOW)
async def _nobody_on_duty(it):
    it.rows("DELETE FROM duty")


@breaks(Kind.COVER_NONE)
async def _nobody_on_duty_in_three_days(it):
    day = datetime.now(UTC) + timedelta(days=3)
    it.rows(
        "DELETE FROM duty WHERE id NOT IN (SELECT min(id) FROM duty GROUP BY person_id)",
        f"UPDATE duty SET from_at = '2026-01-01 00:00:00.000000', until_at = '{day:{STORED}}'",
    )


@breaks(Kind.COVER_THIN)
async def _one_person_on_duty(it):
    it.rows("DELETE FROM duty WHERE person_id != 'maya'")


@breaks(Kind.RUNNING_RED)
async def _the_running_belay_is_not_ready(it):
    it.setenv("BELAY_OUT_FILE", str(it.folder / "nowhere" / "out.txt"))
    await it.runs("/readyz", "BELAY_OUT_FILE")


@breaks(Kind.OTHERS_CONNECTED)
async def _others_with_the_same_tokens(it):
    await it.connects(2)
    await it.runs("/metrics", f"\n{observe.APP_SOCKETS} 3.0\n")


@breaks(Kind.OUT_FILE_OLD)
async def _an_old_file_of_who_is_out(it):
    path = it.folder / "belay-out.txt"
    path.touch()
    os.utime(path, (0, 0))


@breaks(Kind.HEARTBEAT_MISSING)
async def _no_heartbeat(it):
    it.setenv("BELAY_HEARTBEAT_URL", "")


@breaks(Kind.MATRIX_LESS)
async def _only_words_are_compared(it):
    engines = [lambda: FakeEngine(degraded="A model is not installed.")]
    await it.runs("/readyz", "only words are compared", engines)


@breaks(Kind.SANDBOX_CLOCK)
async def _a_clock_that_is_moved_by_hand(it):
    it.setenv("BELAY_SANDBOX_CLOCK_URL", f"{it.workspace.url.replace('http', 'ws', 1)}/_clock")


@pytest.mark.parametrize("how", BROKEN)
async def test_what_is_broken_is_found_and_nothing_else(installation, how):
    kinds, breaking = BROKEN[how]
    await breaking(installation)
    assert await installation.kinds() == kinds


def test_everything_that_can_be_found_is_broken_here_once():
    broken = {kind for kinds, _ in BROKEN.values() for kind in kinds}
    assert broken == set(Kind) - NOTES
