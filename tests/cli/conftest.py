"""Commands run in a folder of their own, on a pack as `kefu init` makes it."""

from pathlib import Path

import pytest
from tests.cli.support import Kefu, Ran

from kefu.cli import main


@pytest.fixture
def kefu(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, models_dir: Path
) -> Kefu:
    """Runs one command, as `kefu(*arguments)`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KEFU_MODELS_DIR", str(models_dir))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        printed = capsys.readouterr()
        code = ended.value.code
        assert code is None or isinstance(code, int)
        return Ran(code or 0, printed.out, printed.err)

    return run


@pytest.fixture
def tea(kefu: Kefu) -> Path:
    """A new pack: it has no validation part."""
    assert kefu("init", "tea").code == 0
    return Path("tea")
