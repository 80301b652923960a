"""This is what people read outside Slack: lists and figures."""
