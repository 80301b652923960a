"""The rules: who may do what, what is due when, what happens if nobody answers.

Pure: the standard library and pydantic only. No clock, no I/O, no logging, no randomness. Start
with `visit.py`, then `escalation.py`; `matter.py` joins the two.
"""
