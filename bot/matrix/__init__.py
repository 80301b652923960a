"""This is the boundary and escalation matrix: its model, its lint, and the match. Pure."""
