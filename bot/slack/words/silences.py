"""This is what people are told of a silence that is not the worker's: Belay's own, or Slack's."""

from typing import Final

from bot.slack.words.speech import N_

TOLD_OUT: Final = N_(
    "Monitoring was interrupted from {since} to {until}. Belay is back and your clock runs on. Is"
    " anything due? Answer it now. Do you need somebody? Call {line}."
)
TOLD_RESPONDER: Final = N_(
    "Monitoring was interrupted from {since} to {until}. What came due meanwhile is being done now,"
    " late. {out}"
)
SLACK_OUT: Final = N_(
    "Slack could not be reached from {since} to {until}. Your clock ran on, and what you tapped may"
    " be lost. Please tap again. Do you need somebody? Call {line}."
)
SLACK_RESPONDER: Final = N_(
    "Slack could not be reached from {since} to {until}. Timers went on. A check-in that seems"
    " missed may only be lost, so call. {out}"
)
OUT_NOW: Final = N_("Out now: {names}.")
OUT_NOBODY: Final = N_("Look at your open pages.")

# What Slack posts by itself if Belay stops (docs/decisions/0016).
STOPPED: Final = N_("*Belay has not been heard from since {since}.*")
STOPPED_MEANS: Final = N_("Nobody is watching check-ins, and no page is being sent.")
STOPPED_OUT: Final = N_("Out then: {names}. *Call each of them now.*")
STOPPED_OUT_UNNAMED: Final = N_(
    "People are out. *Call them now:* the coordinator line has their names."
)
COORDINATOR_LINE: Final = N_("Coordinator line: {line}")
