"""Channels: where a conversation takes place, and what can be shown there."""
