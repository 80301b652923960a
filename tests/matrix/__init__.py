"""These hold the matrix: its reading, its matcher, its commands."""
