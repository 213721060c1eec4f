"""Settings for one command: what its options give stands above the environment."""

import os
from pathlib import Path

from kefu.settings import Settings


def settings_of(
    *,
    data_dir: Path | None = None,
    pack: str | None = None,
    host: str | None = None,
    port: int | None = None,
) -> Settings:
    """Raises `SettingsInvalid`."""
    return Settings.from_environment(os.environ, data_dir=data_dir, pack=pack, host=host, port=port)


def pack_location(pack: str | None) -> str:
    """The pack that is meant when a command names none is that of the settings."""
    return settings_of(pack=pack).pack
