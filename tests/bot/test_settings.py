"""This holds the settings to their errors: which variable, what is wrong, what to do."""

import pytest

from bot.settings import PREFIX, SettingsError, load
from storage.sealing import generate_key

KEY = generate_key()
RUNNING = {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1", "keys": KEY}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch):
    import os

    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


def problems_of(**given) -> str:
    with pytest.raises(SettingsError) as caught:
        load(**given)
    return str(caught.value)


def test_without_any_variable_the_defaults_suit_one_machine():
    settings = load()
    assert settings.database_url == "sqlite:///belay.db"
    assert settings.slack_base_url == "https://slack.com/api/"
    assert (settings.health_host, settings.health_port) == ("127.0.0.1", 8087)
    assert settings.commands == {
        "visit": "/visit",
        "checkin": "/checkin",
        "checkout": "/checkout",
        "sos": "/sos",
        "page": "/page",
        "whohandles": "/whohandles",
    }


def test_a_variable_of_the_environment_is_read(monkeypatch):
    monkeypatch.setenv("BELAY_COMMAND_SOS", "belay-sos")
    assert load().commands["sos"] == "/belay-sos"


def test_a_misspelt_variable_is_refused_and_the_right_name_offered(monkeypatch):
    monkeypatch.setenv("BELAY_HEARTBEAT_URI", "https://example.org/secret-path")
    told = problems_of()
    assert (
        "BELAY_HEARTBEAT_URI: there is no such setting. Did you mean BELAY_HEARTBEAT_URL?" in told
    )
    assert "secret-path" not in told


def test_everything_wrong_is_told_at_once():
    told = problems_of(http_port="many", transport="pigeon").splitlines()
    assert [line.split(":")[0] for line in told] == ["BELAY_TRANSPORT", "BELAY_HTTP_PORT"]


def test_a_wrong_key_is_told_without_the_key():
    told = problems_of(keys=f"{KEY},c2hvcnQ=")
    assert told.startswith("BELAY_KEYS: ")
    assert "c2hvcnQ" not in told
    assert KEY not in told


def test_secrets_are_not_shown_by_the_settings_themselves():
    shown = repr(load(**RUNNING, heartbeat_url="https://example.org/abc"))
    for secret in ("xoxb-1", "xapp-1", KEY, "example.org"):
        assert secret not in shown


def test_a_base_url_gets_its_slash():
    assert load(slack_base_url="http://127.0.0.1:8099/api").slack_base_url.endswith("/api/")


def test_a_token_never_travels_in_the_clear():
    assert "BELAY_SLACK_BASE_URL" in problems_of(slack_base_url="http://example.org/api/")


@pytest.mark.parametrize(
    "given",
    [
        {"slack_bot_token": "xoxb-123-real"},
        {"slack_bot_token": "xoxb-sandbox-1", "slack_base_url": "https://slack.com/api/"},
        {"sandbox_clock_url": "ws://example.org/_clock"},
    ],
)
def test_a_clock_that_can_be_moved_is_refused_near_anything_real(given):
    sandbox = {
        "sandbox_clock_url": "ws://127.0.0.1:8099/_clock",
        "slack_base_url": "http://127.0.0.1:8099/api/",
    }
    told = problems_of(**{**sandbox, **given})
    assert told.startswith("BELAY_SANDBOX_CLOCK_URL: ")
    assert "xoxb" not in told


def test_a_sandbox_may_move_its_own_clock():
    load(
        sandbox_clock_url="ws://localhost:8099/_clock",
        slack_base_url="http://[::1]:8099/api/",
        slack_bot_token="xoxb-sandbox-1",
    )


def test_health_is_on_the_network_only_where_that_was_said():
    assert "BELAY_HEALTH_OPEN" in problems_of(health_host="0.0.0.0")
    assert load(health_host="0.0.0.0", health_open=True).health_host == "0.0.0.0"


def test_running_names_every_variable_that_is_missing():
    with pytest.raises(SettingsError) as caught:
        load().to_run()
    told = str(caught.value)
    for name in ("BELAY_SLACK_BOT_TOKEN", "BELAY_SLACK_APP_TOKEN", "BELAY_KEYS"):
        assert f"{name}: not set." in told
    load(**RUNNING).to_run()


def test_http_needs_the_signing_secret_and_no_app_token():
    with pytest.raises(SettingsError, match="BELAY_SLACK_SIGNING_SECRET"):
        load(**{**RUNNING, "slack_app_token": ""}, transport="http").to_run()


def test_a_token_of_the_wrong_kind_is_told_without_it():
    with pytest.raises(SettingsError) as caught:
        load(**{**RUNNING, "slack_bot_token": "xapp-wrong"}).to_run()
    assert "BELAY_SLACK_BOT_TOKEN: does not start with xoxb-" in str(caught.value)
    assert "xapp-wrong" not in str(caught.value)
