"""What `doctor` finds in the settings, and in the file of who is out."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.cli.findings import Finding, Kind
from bot.settings import Settings

# It is written every minute; docs/operations.md tells people the same limit.
OUT_FILE_OLD_AFTER = timedelta(minutes=3)


def of_wrong_settings(problems: Iterable[str]) -> Iterator[Finding]:
    """Settings that cannot be read at all."""
    for problem in problems:
        yield Finding(Kind.SETTING_WRONG, "Belay cannot start.", problem)


def of_settings(settings: Settings, now: datetime) -> Iterator[Finding]:
    """What the settings leave out or mix up. `now` is the host's time."""
    for problem in settings.missing():
        yield Finding(Kind.SETTING_MISSING, "Belay cannot start.", problem)
    yield from _of_tokens(settings)
    if not settings.heartbeat_url.get_secret_value():
        yield Finding(
            Kind.HEARTBEAT_MISSING,
            "If Belay dies, nobody outside Slack is told.",
            "BELAY_HEARTBEAT_URL is not set: give the address of a monitor that rings a person "
            "when it hears nothing for a minute.",
        )
    if settings.sandbox_clock_url:
        yield Finding(
            Kind.SANDBOX_CLOCK,
            "This is a sandbox: its clock is moved by hand, and nobody may rely on it.",
            "BELAY_SANDBOX_CLOCK_URL is set: unset it before anybody goes out.",
        )
    yield from _of_out_file(settings.out_file, now)


def _of_tokens(settings: Settings) -> Iterator[Finding]:
    bot_token = settings.slack_bot_token.get_secret_value()
    app_token = settings.slack_app_token.get_secret_value()
    if bot_token.startswith("xapp-") and app_token.startswith("xoxb-"):
        yield Finding(
            Kind.TOKENS_SWAPPED,
            "Belay cannot start.",
            "BELAY_SLACK_BOT_TOKEN holds the app-level token and BELAY_SLACK_APP_TOKEN the bot's: "
            "exchange the two.",
        )
        return
    for problem in settings.of_another_kind():
        yield Finding(Kind.TOKEN_KIND, "Belay cannot start.", problem)


def _of_out_file(name: str, now: datetime) -> Iterator[Finding]:
    try:
        written = datetime.fromtimestamp(Path(name).stat().st_mtime, UTC)
    except OSError:
        return  # Belay has not run here yet
    if now - written > OUT_FILE_OLD_AFTER:
        yield Finding(
            Kind.OUT_FILE_OLD,
            f"The file of who is out is from {written:%Y-%m-%d %H:%M} UTC: do not go by it.",
            "Belay is not running here, or cannot write BELAY_OUT_FILE: start it, or look at the "
            "folder's rights and the space on the disk. Is anybody out? Run `belay out`.",
        )
