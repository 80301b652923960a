"""These hold what knows Slack to its shapes."""
