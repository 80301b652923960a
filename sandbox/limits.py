"""This names the limits of Slack that the sandbox enforces.

Source: Slack's Block Kit and Web API reference, as collected by slackblocks 3.0.0.
"""

BLOCKS_IN_MESSAGE = 50
BLOCKS_IN_VIEW = 100
ATTACHMENTS = 100
TEXT_OBJECT = 3000
SECTION_FIELDS = 10
SECTION_FIELD = 2000
HEADER = 150
CONTEXT_ELEMENTS = 10
ACTIONS_ELEMENTS = 25
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
URL = 3000
ACCESSIBILITY_LABEL = 75
IDENTIFIER = 255
OPTION_TEXT = 75
OPTION_VALUE = 150
"""Reference page and slack_sdk say 150; a comment in @slack/types says 75."""
OPTIONS = 100
OPTION_GROUPS = 100
OVERFLOW_OPTIONS = 5
CHOICE_OPTIONS = 10
PLACEHOLDER = 150
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30
INPUT_LABEL = 2000
INPUT_TEXT = 3000
IMAGE_ALT = 2000
MARKDOWN_TOTAL = 12_000
TABLE_ROWS = 100
TABLE_COLUMNS = 20
VIEW_TITLE = 24
PRIVATE_METADATA = 3000
VIEW_BYTES = 250_000
VIEW_STACK = 3
MESSAGE_TEXT = 40_000
"""Longer text is cut by Slack in a post and refused in an update; the sandbox refuses both."""
SCHEDULE_AHEAD = 120 * 86_400.0
SCHEDULED_PER_WINDOW = 30
SCHEDULE_WINDOW = 300.0
SCHEDULE_LOCKED = 60.0
"""A scheduled message cannot be deleted in the last minute before its time."""
SOCKETS = 10
RESPONSE_URL_USES = 5
REACTIONS_OF_ONE = 23
"""Slack's help pages: distinct emoji that one person may leave on a message."""
EMOJI_ON_MESSAGE = 50
"""Distinct emoji on a message in all; Slack publishes no number, 50 is ours."""
PINS = 100
"""Pins in a conversation."""
GROUP_NAME = 255
GROUP_DESCRIPTION = 140
"""Of user groups. Slack names the errors, not the numbers; these are ours."""
ALT_TEXT = 1000
FILE_BYTES = 20 * 1024 * 1024
FILES_BYTES = 100 * 1024 * 1024
"""What one file and all files together may take here. Slack allows 1 GB for one."""
SHARED_CHANNELS = 100
"""Conversations in which one upload may be shared."""
PAGE = 100
"""conversations.* and users.* answer this many objects unless asked otherwise."""
PAGE_MOST = 1000
"""Slack's upper bound of `limit` (999 or 1000, by method)."""
