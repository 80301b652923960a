"""This is the shell: everything between Slack and the rules."""
