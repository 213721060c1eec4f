"""Secrets that an embedded installation makes for itself: small files that only their owner can read."""

import os
import secrets
from pathlib import Path


def secret_file(path: Path, size: int = 32) -> bytes:
    """The secret in the file; a new one is made and kept when there is none."""
    kept = path.read_bytes() if path.exists() else b""
    if len(kept) >= size:
        return kept
    # None, or one that a crash or a full disk cut short: anybody could guess that.
    path.parent.mkdir(parents=True, exist_ok=True)
    write_secret(path, secrets.token_bytes(size))
    return path.read_bytes()


def write_secret(path: Path, secret: bytes) -> None:
    """Writes the file whole or not at all, and so that others can never read it, not even for a moment."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
