"""The command line: what it prints, what it refuses, and the exit codes that scripts lean on."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kefu.cli import main
from kefu.release.files import MANIFEST

HEAVY = ("alembic", "fastapi", "httpx", "numpy", "rich", "sklearn", "sqlalchemy", "tantivy", "uvicorn")


@dataclass(frozen=True)
class Ran:
    """How a command ended, with what it printed."""

    code: int
    out: str
    err: str


Kefu = Callable[..., Ran]


@pytest.fixture
def kefu(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, models_dir: Path
) -> Kefu:
    """Runs one command in a folder of its own, as `kefu(*arguments)`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KEFU_MODELS_DIR", str(models_dir))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str, typed: str = "") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
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
    """A new pack, as `kefu init` makes it."""
    assert kefu("init", "tea").code == 0
    return Path("tea")


def rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


# ---------- help ----------


def test_help_lists_every_command(kefu: Kefu) -> None:
    shown = kefu("--help").out
    commands = "serve shop chat init check release test train ingest search doctor flows key"
    assert all(command in shown for command in commands.split())


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "from kefu.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_every_option_of_serve_is_an_environment_variable_too(kefu: Kefu) -> None:
    shown = kefu("serve", "--help").out
    for variable in ("KEFU_HOST", "KEFU_PORT", "KEFU_DATA_DIR", "KEFU_PACK"):
        assert variable in shown


# ---------- init and check ----------


def test_a_new_pack_has_no_problems(kefu: Kefu, tea: Path) -> None:
    checked = kefu("check", str(tea))
    assert checked.code == 0
    assert "no problems tea@" in checked.out


def test_a_new_pack_bears_its_folders_name(tea: Path) -> None:
    assert "name: tea\n" in (tea / MANIFEST).read_text(encoding="utf-8")


def test_init_leaves_a_folder_alone_that_has_something_in_it(kefu: Kefu, tmp_path: Path) -> None:
    (tmp_path / "tea").mkdir()
    (tmp_path / "tea" / "diary.txt").write_text("dear diary", encoding="utf-8")
    refused = kefu("init", "tea")
    assert refused.code == 2
    assert "exists and is not an empty folder" in refused.err
    assert [path.name for path in (tmp_path / "tea").iterdir()] == ["diary.txt"]


def test_init_refuses_a_name_that_no_release_could_bear(kefu: Kefu, tmp_path: Path) -> None:
    refused = kefu("init", "My Tea!")
    assert refused.code == 2
    assert "cannot be a pack's name" in refused.err
    assert list(tmp_path.iterdir()) == []


def test_check_prints_every_problem_with_file_and_line(kefu: Kefu, tea: Path) -> None:
    rewrite(tea / "policy.yaml", "offer_human_after: 2", "offer_human_after: soon")
    rewrite(tea / "flows" / "callback.yaml", "say: callback.noted", "say: callback.notted")
    checked = kefu("check", str(tea))
    assert checked.code == 1
    flow, policy, summary = checked.err.splitlines()
    assert re.fullmatch(r"tea/flows/callback\.yaml:\d+: unknown response `callback\.notted`", flow)
    assert re.match(r"tea/policy\.yaml:\d+: offer_human_after", policy)
    assert summary == "2 problems"


def test_a_faulty_pack_ends_every_command_that_needs_it_with_its_problems(kefu: Kefu, tea: Path) -> None:
    rewrite(tea / "policy.yaml", "offer_human_after: 2", "offer_human_after: soon")
    ran = kefu("ingest", str(tea))
    assert ran.code == 1
    assert "policy.yaml" in ran.err
    assert "Traceback" not in ran.err


def test_a_pack_that_is_not_there_is_named(kefu: Kefu) -> None:
    checked = kefu("check", "nowhere")
    assert checked.code == 2
    assert "there is no pack `nowhere`" in checked.err


def test_a_folder_without_a_manifest_is_no_pack(kefu: Kefu, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "it has no pack.yaml" in kefu("check", "empty").err


def test_a_setting_that_does_not_exist_is_refused(kefu: Kefu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEFU_POTR", "1")
    refused = kefu("check")
    assert refused.code == 2
    assert "KEFU_POTR is not a setting" in refused.err


def test_the_pack_may_come_from_the_environment(
    kefu: Kefu, tea: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEFU_PACK", str(tea))
    assert kefu("release").out.startswith("tea@")


def test_the_release_changes_with_the_files(kefu: Kefu, tea: Path) -> None:
    before = kefu("release", str(tea)).out
    rewrite(tea / "faq.csv", "48 小时", "24 小时")
    assert kefu("release", str(tea)).out != before


# ---------- flows and knowledge ----------


def test_a_flow_is_drawn_as_a_mermaid_chart(kefu: Kefu, tea: Path) -> None:
    drawn = kefu("flows", "graph", "callback", "--pack", str(tea))
    assert drawn.code == 0
    assert drawn.out.startswith("flowchart TD\n")
    assert "phone" in drawn.out


def test_a_flow_that_does_not_exist_is_refused_with_a_hint(kefu: Kefu, tea: Path) -> None:
    refused = kefu("flows", "graph", "calback", "--pack", str(tea))
    assert refused.code == 2
    assert "did you mean `callback`?" in refused.err


def test_flows_are_listed_with_what_starts_them(kefu: Kefu, tea: Path) -> None:
    assert re.search(r"callback +预约回电 +callback_request", kefu("flows", "list", "--pack", str(tea)).out)


def test_ingest_reports_each_document(kefu: Kefu, tea: Path) -> None:
    shown = kefu("ingest", str(tea)).out
    assert re.search(r"handbook:HB-01 +退换货规则", shown)
    assert re.search(r"faq +questions and answers +5", shown)


def test_search_shows_ranked_passages_with_their_sources(kefu: Kefu, tea: Path) -> None:
    found = kefu("search", "包邮吗", "--pack", str(tea), "--limit", "2")
    assert found.code == 0
    assert "faq:Q002" in found.out.splitlines()[0]


# ---------- keys ----------


def test_a_key_is_made_listed_and_revoked(kefu: Kefu) -> None:
    made = kefu("key", "create", "our site", "--scope", "chat", "--scope", "read")
    assert made.code == 0
    assert re.fullmatch(r"kefu_[\w-]{43}\n", made.out)
    listed = kefu("key", "list").out
    key_id = listed.splitlines()[-1].split()[0]
    assert "our site" in listed
    assert "chat, read" in listed
    assert made.out.strip() not in listed
    assert kefu("key", "revoke", key_id).code == 0
    assert re.search(rf"{key_id}.* \d{{4}}-.* \d{{4}}-", kefu("key", "list").out)


def test_a_scope_that_does_not_exist_is_refused_with_a_hint(kefu: Kefu) -> None:
    refused = kefu("key", "create", "x", "--scope", "chatt")
    assert refused.code == 2
    assert "did you mean `chat`?" in refused.err


def test_a_key_that_does_not_exist_cannot_be_revoked(kefu: Kefu) -> None:
    refused = kefu("key", "revoke", "key_nope")
    assert refused.code == 2
    assert "key_nope does not exist" in refused.err


# ---------- doctor ----------


def test_doctor_finds_nothing_failed_in_a_new_installation(kefu: Kefu, tea: Path) -> None:
    examined = kefu("doctor", "--pack", str(tea), "--json")
    assert examined.code == 0
    states = {finding["part"]: finding["state"] for finding in json.loads(examined.out)}
    assert states.keys() >= {
        "settings",
        "disk",
        "database",
        "pack",
        "classifier",
        "index",
        "back office",
        "widget",
    }
    assert "failed" not in states.values()


def test_doctor_makes_nothing(kefu: Kefu, tea: Path, tmp_path: Path) -> None:
    kefu("doctor", "--pack", str(tea))
    assert [path.name for path in tmp_path.iterdir()] == ["tea"]


def test_doctor_fails_on_a_faulty_pack(kefu: Kefu, tea: Path) -> None:
    (tea / "stray.yaml").write_text("", encoding="utf-8")
    examined = kefu("doctor", "--pack", str(tea))
    assert examined.code == 1
    assert re.search(r"pack +failed +1 problems", examined.out)


# ---------- train, test and chat ----------


def test_train_reports_what_held_out_utterances_said(kefu: Kefu, tea: Path) -> None:
    trained = kefu("train", str(tea))
    assert trained.code == 0
    assert re.search(r"all +126 +\d+\.\d%", trained.out)
    assert "weakest: " in trained.out


def test_the_tests_of_a_new_pack_pass(kefu: Kefu, tea: Path) -> None:
    tested = kefu("test", str(tea))
    assert "4 passed, 0 failed" in tested.out
    assert tested.code == 0


def test_a_failed_test_shows_what_was_expected_and_what_there_was(kefu: Kefu, tea: Path) -> None:
    rewrite(tea / "tests" / "first.yaml", "reply_any: [99 元]", "reply_any: [免费]")
    tested = kefu("test", str(tea), "-k", "运费")
    assert tested.code == 1
    assert "1 failed" in tested.out
    assert "expected a reply with one of: 免费" in tested.out
    assert "actual   订单满 99 元包邮" in tested.out


def test_test_results_can_be_read_by_programs(kefu: Kefu, tea: Path) -> None:
    rewrite(tea / "tests" / "first.yaml", "reply_any: [99 元]", "reply_any: [免费]")
    tested = kefu("test", str(tea), "--json")
    results = {result["name"]: result for result in json.loads(tested.out)}
    assert tested.code == 1
    assert [name for name, result in results.items() if not result["passed"]] == ["运费按资料回答"]
    assert results["运费按资料回答"]["turns"][0]["failures"][0]["expected"] == "a reply with one of: 免费"


def test_choosing_no_test_at_all_is_refused(kefu: Kefu, tea: Path) -> None:
    refused = kefu("test", str(tea), "-k", "no such test")
    assert refused.code == 2
    assert "no test has `no such test`" in refused.err


def test_chat_answers_in_the_terminal(kefu: Kefu, tea: Path) -> None:
    talk = kefu("chat", "--pack", str(tea), typed="运费怎么算\n/source 1\n/up\n/nope\n/quit\n")
    assert talk.code == 0
    assert "订单满 99 元包邮" in talk.out
    assert "faq:Q002" in talk.out
    assert "thank you" in talk.out
    assert "no command `/nope`" in talk.out


def test_a_number_presses_the_button_that_it_stands_beside(kefu: Kefu, tea: Path) -> None:
    button = "  quick_replies: [{zh: 转人工, en: Talk to a person}]\nsmalltalk.goodbye:"
    rewrite(tea / "responses" / "turn.yaml", "smalltalk.goodbye:", button)
    talk = kefu("chat", "--pack", str(tea), typed="你好\n1\n")
    assert "[1] 转人工" in talk.out
    assert "已为您转接人工客服" in talk.out


def test_chat_ends_with_its_input(kefu: Kefu, tea: Path) -> None:
    assert kefu("chat", "--pack", str(tea), typed="你好\n").code == 0


def test_nobody_is_both_anonymous_and_a_customer(kefu: Kefu) -> None:
    assert kefu("chat", "--anonymous", "--customer", "C1").code == 2
