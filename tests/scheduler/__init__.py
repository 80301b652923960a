"""These hold the safety clock and delivery to their promises."""
