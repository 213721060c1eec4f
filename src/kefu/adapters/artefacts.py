"""Trained parts on disk: made once for each content, written whole or not at all."""

import hashlib
import os
import tempfile
from pathlib import Path


class Artefacts:
    """Files in one folder, named by what they were made from."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, kind: str, key: str) -> Path:
        digest = hashlib.sha256(key.encode()).hexdigest()[:16]
        return self._folder / f"{kind}-{digest}.npz"

    def load(self, kind: str, key: str) -> bytes | None:
        """What was saved for this key, or None."""
        try:
            return self.path(kind, key).read_bytes()
        except FileNotFoundError:
            return None

    def save(self, kind: str, key: str, data: bytes) -> Path:
        """Durable when it returns; a reader sees the old file or the new one, never half of it."""
        path = self.path(kind, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
        return path
