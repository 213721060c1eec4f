"""Secrets that an embedded installation makes for itself: small files that only their owner can read."""

import os
import secrets
from pathlib import Path


def secret_file(path: Path, size: int = 32) -> bytes:
    """The secret in the file; a new one is made and kept when there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_secret(path, secrets.token_bytes(size))
        return path.read_bytes()


def write_secret(path: Path, secret: bytes) -> None:
    """Writes the file so that it is never readable by others, not even for a moment."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
