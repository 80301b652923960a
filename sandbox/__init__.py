"""This is a Slack workspace on one machine: Web API, Socket Mode, people and a movable clock."""
