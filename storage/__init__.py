"""This keeps the rows: plain functions of a connection, and nothing about Slack."""
