"""Deliberate defects, and the proof that the test-suite catches every one of them."""
