"""This measures the matcher: on its packs, on questions that you have, on public data."""
