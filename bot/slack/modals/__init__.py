"""This draws the forms and reads what was typed into them, each form beside its own reading.

What a form is about travels in it: the matter, and the revision or mark that was shown. Nothing is
kept in memory between opening a form and its coming back, so that any process may take it.
"""
