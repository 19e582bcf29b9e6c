"""Synthetic dialogues for Lares Mini, one module a topic; see ../README.md."""
