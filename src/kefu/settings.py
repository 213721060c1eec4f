"""Settings: each is a URL or a value with an embedded default, read once from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from kefu.errors import SettingsInvalid

BUILT_IN_PACK = "yunlan"
LOCAL_MODEL = "onnx://"
"""What stands before the path of a folder with a model, absolute or relative."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`None` for a URL means the embedded part. Each field is `KEFU_` and its name in upper case.

    `clock` is `pack` (as the pack says) or `system`. `rate_limit` is requests a minute for one key and
    customer. `models_dir` holds trained classifiers, by default in the data folder. `embedding_url` is
    `http(s)://…` of a server with `POST embeddings`, or `onnx://` and the path of a folder.
    """

    data_dir: Path = Path(".data")
    models_dir: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    pack: str = BUILT_IN_PACK
    clock: Literal["pack", "system"] = "pack"
    database_url: str | None = None
    redis_url: str | None = None
    queue_url: str | None = None
    search_url: str | None = None
    llm_base_url: str | None = None
    llm_model: str | None = None
    llm_api_key: str | None = field(default=None, repr=False)
    embedding_url: str | None = None
    embedding_model: str | None = None
    embedding_api_key: str | None = field(default=None, repr=False)
    blob_url: str | None = None
    backoffice_url: str | None = None
    backoffice_token: str | None = field(default=None, repr=False)
    rate_limit: int = 600
    max_message_length: int = 4000
    max_body_bytes: int = 262_144
    log_format: Literal["console", "json"] = "console"

    def __post_init__(self) -> None:
        for name in _NOT_YET:
            if getattr(self, name) is not None:
                raise SettingsInvalid(
                    f"KEFU_{name.upper()} is set, but this version runs that part embedded only; unset it",
                    field=name,
                )
        _check_embedding(self)
        for name in ("rate_limit", "max_message_length", "max_body_bytes"):
            if getattr(self, name) < 1:
                raise SettingsInvalid(f"KEFU_{name.upper()} must be at least 1", field=name)
        if not 0 <= self.port <= _HIGHEST_PORT:
            raise SettingsInvalid(f"KEFU_PORT must be between 0 and {_HIGHEST_PORT}", field="port")

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in ("127.0.0.1", "::1", "localhost")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], **given: object) -> Self:
        """Settings from `KEFU_…` variables; anything `given` (not None) stands above them.

        Raises:
            SettingsInvalid: a value does not fit its setting, or no setting has that name.
        """
        values: dict[str, object] = {}
        known = {f"KEFU_{entry.name.upper()}": entry.name for entry in fields(cls)}
        for variable, text in environment.items():
            if variable.startswith("KEFU_") and text:
                if variable not in known:
                    raise SettingsInvalid(
                        f"{variable} is not a setting; see docs/settings.md", field=variable
                    )
                values[known[variable]] = _parsed(known[variable], text)
        values |= {name: value for name, value in given.items() if value is not None}
        return cls(**values)  # type: ignore[arg-type] -- the names are this class's fields, checked above

    @classmethod
    def for_tests(cls, data_dir: Path, **given: object) -> Self:
        """A whole embedded application in `data_dir`, on a free port, with no rate limit to speak of."""
        return cls.from_environment({}, data_dir=data_dir, port=0, rate_limit=1_000_000, **given)


def _check_embedding(settings: Settings) -> None:
    url = settings.embedding_url
    remote = url is not None and _names_a_server(url)
    if url is not None and not remote and not (url.startswith(LOCAL_MODEL) and url != LOCAL_MODEL):
        raise SettingsInvalid(
            f"KEFU_EMBEDDING_URL must be http(s)://host/… or onnx:// and a folder, not {url!r}",
            field="embedding_url",
        )
    if remote and settings.embedding_model is None:
        raise SettingsInvalid(
            "KEFU_EMBEDDING_URL names a server: set KEFU_EMBEDDING_MODEL to the model that it is asked for",
            field="embedding_model",
        )
    for name in ("embedding_model", "embedding_api_key"):
        if not remote and getattr(settings, name) is not None:
            raise SettingsInvalid(
                f"KEFU_{name.upper()} is set, but KEFU_EMBEDDING_URL names no server that would get it",
                field=name,
            )


def _names_a_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port or an address that is none
        return False


_HIGHEST_PORT = 65_535
_NOT_YET = (
    "database_url",
    "redis_url",
    "queue_url",
    "search_url",
    "llm_base_url",
    "llm_model",
    "llm_api_key",
    "blob_url",
)
_PATHS = frozenset({"data_dir", "models_dir"})
_NUMBERS = frozenset({"port", "rate_limit", "max_message_length", "max_body_bytes"})
_CHOICES = {"clock": ("pack", "system"), "log_format": ("console", "json")}


def _parsed(name: str, text: str) -> object:
    if name in _NUMBERS:
        if not text.isdecimal():
            raise SettingsInvalid(f"KEFU_{name.upper()} must be a whole number, not {text!r}", field=name)
        return int(text)
    if name in _CHOICES and text not in _CHOICES[name]:
        raise SettingsInvalid(
            f"KEFU_{name.upper()} must be one of {', '.join(_CHOICES[name])}, not {text!r}", field=name
        )
    return Path(text) if name in _PATHS else text
