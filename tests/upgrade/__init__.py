"""An upgrade meets visits that are under way: what earlier releases left, and two at a time."""
