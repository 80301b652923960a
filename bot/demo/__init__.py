"""This plays the whole product on one machine: a workspace, the bot, and people in a story."""
