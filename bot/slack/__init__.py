"""This is everything that knows what Slack sends and what it wants to be sent."""
