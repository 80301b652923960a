"""This is the house style, as checks that can be run."""
