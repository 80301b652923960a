"""This is how we know."""
