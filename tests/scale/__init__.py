"""What one more machine brings, and how many calls of Slack a visit takes: docs/scale.md."""
