"""Settings come from the environment, are checked at once, and name what is wrong."""

from pathlib import Path

import pytest

from kefu.errors import SettingsInvalid
from kefu.settings import Settings


def test_without_any_variable_everything_is_embedded() -> None:
    settings = Settings.from_environment({})
    assert (settings.database_url, settings.redis_url, settings.backoffice_url) == (None, None, None)
    assert (settings.pack, settings.host, settings.port) == ("yunlan", "127.0.0.1", 8000)


def test_a_variable_sets_its_field() -> None:
    settings = Settings.from_environment(
        {"KEFU_PORT": "9000", "KEFU_DATA_DIR": "/var/kefu", "KEFU_CLOCK": "system", "HOME": "/root"}
    )
    assert (settings.port, settings.data_dir, settings.clock) == (9000, Path("/var/kefu"), "system")


def test_what_is_given_stands_above_the_environment() -> None:
    settings = Settings.from_environment({"KEFU_PORT": "9000"}, port=9001, host=None)
    assert (settings.port, settings.host) == (9001, "127.0.0.1")


def test_an_empty_variable_is_not_set() -> None:
    assert Settings.from_environment({"KEFU_PORT": ""}).port == 8000


@pytest.mark.parametrize(
    ("variable", "value", "field"),
    [
        ("KEFU_PORT", "eighty", "port"),
        ("KEFU_PORT", "-1", "port"),
        ("KEFU_PORT", "65536", "port"),
        ("KEFU_RATE_LIMIT", "0", "rate_limit"),
        ("KEFU_MAX_MESSAGE_LENGTH", "0", "max_message_length"),
        ("KEFU_MAX_BODY_BYTES", "1e6", "max_body_bytes"),
        ("KEFU_CLOCK", "sundial", "clock"),
        ("KEFU_LOG_FORMAT", "xml", "log_format"),
        ("KEFU_PROT", "8000", "KEFU_PROT"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(variable: str, value: str, field: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        Settings.from_environment({variable: value})
    assert refused.value.field == field
    assert variable in refused.value.detail


@pytest.mark.parametrize(
    "variable",
    [
        "KEFU_DATABASE_URL",
        "KEFU_REDIS_URL",
        "KEFU_QUEUE_URL",
        "KEFU_SEARCH_URL",
        "KEFU_LLM_BASE_URL",
        "KEFU_LLM_MODEL",
        "KEFU_LLM_API_KEY",
        "KEFU_BLOB_URL",
    ],
)
def test_a_part_that_this_version_only_runs_embedded_is_not_silently_ignored(variable: str) -> None:
    with pytest.raises(SettingsInvalid, match=variable):
        Settings.from_environment({variable: "x://y"})


SERVER = {"KEFU_EMBEDDING_URL": "https://models.example/v1", "KEFU_EMBEDDING_MODEL": "bge"}


@pytest.mark.parametrize("url", ["onnx:///srv/models/bge", "onnx://models/bge", "onnx://./models/bge"])
def test_a_local_embedding_model_needs_a_folder_alone(url: str) -> None:
    assert Settings.from_environment({"KEFU_EMBEDDING_URL": url}).embedding_url == url


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"KEFU_EMBEDDING_URL": "models/bge"}, "embedding_url"),
        ({"KEFU_EMBEDDING_URL": "onnx://"}, "embedding_url"),
        ({**SERVER, "KEFU_EMBEDDING_URL": "https:///v1"}, "embedding_url"),
        ({**SERVER, "KEFU_EMBEDDING_URL": "https://models.example:port/v1"}, "embedding_url"),
        ({**SERVER, "KEFU_EMBEDDING_URL": "ftp://models.example"}, "embedding_url"),
        ({**SERVER, "KEFU_EMBEDDING_MODEL": ""}, "embedding_model"),
        ({**SERVER, "KEFU_EMBEDDING_URL": ""}, "embedding_model"),
        ({**SERVER, "KEFU_EMBEDDING_URL": "onnx:///srv/models/bge"}, "embedding_model"),
        ({"KEFU_EMBEDDING_URL": "onnx:///m", "KEFU_EMBEDDING_API_KEY": "k"}, "embedding_api_key"),
    ],
)
def test_an_embedding_model_that_cannot_be_asked_is_refused(variables: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsInvalid, match=f"KEFU_{named.upper()}") as refused:
        Settings.from_environment(variables)
    assert refused.value.field == named


@pytest.mark.parametrize("variable", ["KEFU_BACKOFFICE_TOKEN", "KEFU_EMBEDDING_API_KEY"])
def test_a_secret_does_not_show(variable: str) -> None:
    assert "s3cret" not in repr(Settings.from_environment({**SERVER, variable: "s3cret"}))


def test_a_secret_is_kept_as_it_was_given() -> None:
    assert Settings.from_environment({"KEFU_BACKOFFICE_TOKEN": "s3cret"}).backoffice_token == "s3cret"


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)],  # noqa: S104
)
def test_only_this_machine_reaches_a_loopback_host(host: str, *, loopback: bool) -> None:
    assert Settings.from_environment({}, host=host).on_loopback is loopback


def test_settings_for_tests_ignore_the_environment_and_take_a_free_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEFU_PORT", "9000")
    settings = Settings.for_tests(tmp_path, pack="skeleton")
    assert (settings.port, settings.data_dir, settings.pack) == (0, tmp_path, "skeleton")
