"""What `doctor` finds in the Belay that runs here, if one does: what it says of itself."""

from collections.abc import Iterator

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from bot import observe
from bot.cli.findings import Finding, Kind
from bot.settings import Settings

WITHIN = 5.0  # s; it answers from memory
# While one of its two connections is renewed, Belay has a third.
RENEWING = 1


async def of_running(settings: Settings, http: aiohttp.ClientSession) -> list[Finding]:
    """Ask its health address. Where nothing answers, no Belay runs, which is no finding."""
    host = f"[{settings.health_host}]" if ":" in settings.health_host else settings.health_host
    base = f"http://{host}:{settings.health_port}"
    timeout = aiohttp.ClientTimeout(total=WITHIN)
    try:
        async with http.get(f"{base}/readyz", timeout=timeout) as answer:
            said = await answer.json()
            reasons = [str(one) for one in said["reasons"]]
            notes = [str(one) for one in said.get("notes", ())]
        async with http.get(f"{base}/metrics", timeout=timeout) as answer:
            metrics = await answer.text()
        return [*of_reasons(reasons), *of_notes(notes), *of_metrics(metrics)]
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError):
        return []


def of_reasons(reasons: list[str]) -> Iterator[Finding]:
    """Why the running Belay is not ready."""
    if reasons:
        yield Finding(
            Kind.RUNNING_RED,
            "The Belay that runs here says that it is not ready.",
            f"{' '.join(reasons)} See Health in docs/operations.md.",
        )


def of_notes(notes: list[str]) -> Iterator[Finding]:
    """What works less well than it should, and keeps nobody's clock from going."""
    for note in notes:
        yield Finding(
            Kind.MATRIX_LESS,
            "Belay may not find who handles something as well as it should.",
            f"{note} See docs/matrix.md.",
        )


def of_metrics(text: str) -> Iterator[Finding]:
    """Whether others are connected as the same app."""
    values = {
        sample.name: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if not sample.labels
    }
    ours, all_of_them = (values.get(name, 0) for name in (observe.OUR_SOCKETS, observe.APP_SOCKETS))
    if all_of_them > ours + RENEWING:
        yield Finding(
            Kind.OTHERS_CONNECTED,
            "Another Belay may be taking what people tap and type.",
            f"Slack counted {all_of_them:.0f} connections of this app, and the Belay here has "
            f"{ours:.0f}: others run with the same tokens. That is right where they share its "
            "database. Stop every other, or give it an app of its own.",
        )
