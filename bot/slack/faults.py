"""Every way in which Slack refuses a message, and what follows from it: one table.

There are exactly three outcomes of a send: sent, retry after N, undeliverable. What is not known to
be either accepted or refused (a timeout, a reset, Slack's own fault) is no outcome but a question,
which the next try answers by looking the message up. A refusal that is about the message's form is
tried once more as plain text: an ugly page is a page.

Each fault has a sentence for somebody who waits for a message, and one for whoever runs Belay.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.slack.words.speech import N_


class Then(StrEnum):
    """This is what follows from a fault."""

    UNDELIVERABLE = "undeliverable"
    RETRY = "retry"
    PLAIN = "plain"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Fault:
    """This is one kind of refusal. `red` faults stop every message, and turn readiness red."""

    then: Then
    user: str
    operator: str
    red: bool = False


PERSON_GONE: Final = Fault(
    Then.UNDELIVERABLE,
    N_("This person cannot be reached in Slack. The next on the ladder is being paged."),
    "The account is deactivated, unknown or closed to this app: correct the person's Slack id or "
    "take them off the rota.",
)
CHANNEL_GONE: Final = Fault(
    Then.UNDELIVERABLE,
    N_("The channel for this message is gone or closed to Belay; people were told directly."),
    "The channel is archived, deleted or without Belay: invite Belay, or name another channel in "
    "the program file and apply it.",
)
MESSAGE_GONE: Final = Fault(
    Then.UNDELIVERABLE,
    N_("The card was deleted or can no longer be changed; Home has the present state."),
    "A message that Belay keeps up to date is gone. Nothing to do: new messages are not affected.",
)
LOCKED_OUT: Final = Fault(
    Then.RETRY,
    N_("Belay cannot speak in Slack at the moment. Use the phone numbers on your card."),
    "Slack no longer accepts the bot token: reinstall the app, set BELAY_SLACK_BOT_TOKEN and "
    "restart. Nobody is paged through Slack until then.",
    red=True,
)
NOT_ALLOWED: Final = Fault(
    Then.RETRY,
    N_("Belay is not allowed to send this at the moment. Use the phone numbers on your card."),
    "The app lacks a scope, or an administrator restricted it: compare the app with "
    "app_manifest.yml, reinstall it, and look into the workspace's app restrictions.",
    red=True,
)
BAD_FORM: Final = Fault(
    Then.PLAIN,
    N_("This message could not be shown with its buttons, so it came as text."),
    "Slack refused the blocks or the length of a message; it was sent as text. Report this: it is "
    "a fault of Belay.",
)
LIMITED: Final = Fault(
    Then.RETRY,
    N_("Slack is taking messages slowly; this one will follow."),
    "Slack's rate limit was reached. It passes by itself; if it stays, look for what else posts "
    "as this app.",
)
SLACK_FAULT: Final = Fault(
    Then.UNKNOWN,
    N_("Slack did not answer. Belay goes on trying; use the phone numbers on your card."),
    "Slack failed or did not answer in time. Belay looks the message up before it sends it again. "
    "If it stays, see slack-status.com and this machine's network.",
)
UNLISTED: Final = Fault(
    Then.RETRY,
    N_("Slack did not take this message; Belay goes on trying."),
    "Slack refused a message with a code that Belay does not know. Report the code.",
    red=True,
)

FAULTS: Final[dict[str, Fault]] = {
    **dict.fromkeys(
        (
            "user_not_found",
            "users_not_found",
            "user_disabled",
            "user_not_visible",
            "invalid_user_combination",
            "cannot_dm_bot",
            "messages_tab_disabled",
            # Also of the bot's own account: `send` asks auth.test whose it is.
            "account_inactive",
        ),
        PERSON_GONE,
    ),
    **dict.fromkeys(
        (
            "channel_not_found",
            "is_archived",
            "not_in_channel",
            "restricted_action",
            "restricted_action_non_threadable_channel",
            "restricted_action_read_only_channel",
            "restricted_action_thread_only_channel",
            "restricted_action_thread_locked",
            "slack_connect_canvas_sharing_blocked",
            "thread_not_found",
            "invalid_thread_ts",
            "cannot_reply_to_message",
            "method_not_supported_for_channel_type",
        ),
        CHANNEL_GONE,
    ),
    **dict.fromkeys(
        ("message_not_found", "cant_update_message", "edit_window_closed", "update_failed"),
        MESSAGE_GONE,
    ),
    **dict.fromkeys(
        (
            "invalid_auth",
            "not_authed",
            "token_revoked",
            "token_expired",
            "two_factor_setup_required",
            "org_login_required",
            "team_disabled",
        ),
        LOCKED_OUT,
    ),
    **dict.fromkeys(
        (
            "missing_scope",
            "no_permission",
            "not_allowed_token_type",
            "access_denied",
            "accesslimited",
            "ekm_access_denied",
            "enterprise_is_restricted",
            "team_access_not_granted",
            "as_user_not_supported",
            "method_deprecated",
            "deprecated_endpoint",
        ),
        NOT_ALLOWED,
    ),
    **dict.fromkeys(
        (
            "msg_too_long",
            "msg_blocks_too_long",
            "invalid_blocks",
            "invalid_blocks_format",
            "block_mismatch",
            "no_text",
            "too_many_attachments",
            "invalid_attachments",
            "attachment_payload_limit_exceeded",
            "markdown_text_conflict",
            "invalid_arguments",
            "invalid_json",
            "json_not_object",
            "metadata_too_large",
            "invalid_metadata_format",
            "invalid_metadata_schema",
            "metadata_must_be_sent_from_app",
        ),
        BAD_FORM,
    ),
    **dict.fromkeys(
        ("ratelimited", "rate_limited", "message_limit_exceeded", "restricted_too_many"), LIMITED
    ),
    **dict.fromkeys(
        (
            "fatal_error",
            "internal_error",
            "service_unavailable",
            "request_timeout",
            "team_added_to_org",
            "timeout",
            "connection",
            "unreadable",
        ),
        SLACK_FAULT,
    ),
}


def fault_of(code: str) -> Fault:
    """The fault that a code stands for; `http_5xx` is Slack's own, other strangers are unlisted."""
    if code.startswith("http_5"):
        return SLACK_FAULT
    return FAULTS.get(code, UNLISTED)
