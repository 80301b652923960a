"""This is everything that people do, by kind of act."""
