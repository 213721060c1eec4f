"""Methods of intent classification compared, on the built-in pack and on public sets. Run by `intents.py`."""
