"""This turns Slack's payloads into requests to the runner. Pure; nothing here fails on bad input.

`worker` and `responder` read taps and typed words, `bot.slack.modals` reads forms.
"""
