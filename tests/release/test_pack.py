"""A pack is checked as a whole: all problems at once, each in its place, none that follows from another."""

from collections.abc import Mapping

import pytest
from tests.release.support import changed, line_of, problems_of, whole

from kefu.desk.care import Care
from kefu.errors import PackInvalid
from kefu.release.pack import release_id

Files = Mapping[str, bytes]


def test_the_skeleton_is_whole(files: Files) -> None:
    assert problems_of(files) == []


def test_a_whole_pack_has_all_its_parts(files: Files) -> None:
    pack = whole(files).pack
    assert pack.manifest.name == "my-shop"
    assert {intent.name for intent in pack.intents} >= {"greeting", "human_agent", "callback_request"}
    assert pack.flows.triggers() == {"callback_request": "callback"}
    assert pack.policy.queues.choose("return_policy", "customer_asked") == "aftersales"
    assert pack.passages
    assert pack.tests[0].name == "打招呼"


def test_every_problem_of_every_file_is_reported_at_once(files: Files) -> None:
    broken = changed(files, "policy.yaml", "offer_human_after: 2", "offer_human_after: soon")
    broken = changed(broken, "guard.yaml", "injection:", "injection:\n  bad:\n    - '(unclosed'")
    broken = changed(broken, "flows/callback.yaml", "say: callback.noted", "say: callback.notted")
    broken = changed(broken, "tests/first.yaml", "asks: phone", "asks: fone")
    found = problems_of(broken)
    assert [problem.split(":")[0] for problem in found] == [
        "flows/callback.yaml",
        "guard.yaml",
        "policy.yaml",
    ]


def test_a_problem_names_its_line(files: Files) -> None:
    broken = changed(files, "flows/callback.yaml", "say: callback.noted", "say: callback.notted")
    line = line_of(broken, "flows/callback.yaml", "notted")
    assert problems_of(broken) == [f"flows/callback.yaml:{line}: unknown response `callback.notted`"]


def test_a_broken_response_file_is_not_blamed_on_the_flows_that_use_it(files: Files) -> None:
    broken = {**files, "responses/flows.yaml": b"callback.phone: [unclosed\n"}
    assert all(problem.startswith("responses/flows.yaml:") for problem in problems_of(broken))


def test_broken_intents_are_not_blamed_on_what_refers_to_them(files: Files) -> None:
    broken = changed(files, "intents.yaml", "intents:", "intent:")
    assert [problem.split(":")[0] for problem in problems_of(broken)] == ["intents.yaml"]


def test_a_broken_flow_is_not_blamed_on_the_tests_that_name_it(files: Files) -> None:
    broken = changed(files, "flows/callback.yaml", "hand_off: policy", "hand_of: policy")
    assert {problem.split(":")[0] for problem in problems_of(broken)} == {"flows/callback.yaml"}


def test_a_misspelt_file_is_reported_with_the_name_that_was_meant(files: Files) -> None:
    broken = {**files, "polici.yaml": b""}
    assert problems_of(broken) == ["polici.yaml: nothing reads this file; did you mean `policy.yaml`?"]


def test_a_misspelt_folder_is_reported_with_the_name_that_was_meant(files: Files) -> None:
    broken = {**files, "flow/more.yaml": b""}
    assert problems_of(broken) == ["flow/more.yaml: nothing reads this file; did you mean `flows`?"]


def test_a_file_with_the_wrong_ending_is_reported(files: Files) -> None:
    assert problems_of({**files, "flows/more.yml": b""}) == ["flows/more.yml: files in flows/ end in .yaml"]


def test_utterances_of_an_intent_that_does_not_exist_are_reported(files: Files) -> None:
    broken = {**files, "utterances/greting.txt": "你好\n".encode()}
    assert problems_of(broken) == [
        "utterances/greting.txt: `greting` is no intent of intents.yaml; did you mean `greeting`?"
    ]


def test_an_intent_that_nothing_teaches_is_reported(files: Files) -> None:
    broken = {path: data for path, data in files.items() if path != "utterances/thanks.txt"}
    assert problems_of(broken) == ["utterances/thanks.txt: no utterance teaches the intent `thanks`"]


def test_a_missing_stock_response_is_reported(files: Files) -> None:
    broken = changed(files, "responses/turn.yaml", "handoff.done:", "handoff.don:")
    assert "responses: `handoff.done` must be worded; did you mean `handoff.don`?" in problems_of(broken)


def test_a_stock_response_with_a_field_that_it_is_not_given_is_reported(files: Files) -> None:
    broken = changed(files, "responses/turn.yaml", "您当前排在第 {position} 位", "您当前排在第 {place} 位")
    assert "responses: `handoff.done` has no field `place`" in problems_of(broken)


def test_small_talk_without_a_response_is_reported(files: Files) -> None:
    broken = changed(files, "responses/turn.yaml", "smalltalk.thanks:", "smalltalk.thank:")
    assert any("`smalltalk.thanks` must be worded" in problem for problem in problems_of(broken))


def test_a_rule_that_starts_an_unknown_flow_is_reported(files: Files) -> None:
    broken = changed(files, "rules.yaml", "{intent: goodbye}", "{intent: goodbye, flow: nowhere}")
    assert problems_of(broken) == ["rules.yaml: rule `goodbye`: unknown flow `nowhere`"]


def test_a_rule_for_an_unknown_intent_is_reported(files: Files) -> None:
    broken = changed(files, "rules.yaml", "{intent: goodbye}", "{intent: godbye}")
    assert problems_of(broken) == [
        "rules.yaml: rule `goodbye`: unknown intent `godbye`; did you mean `goodbye`?"
    ]


def test_a_file_that_is_not_utf_8_is_reported_with_its_line(files: Files) -> None:
    broken = {**files, "faq.csv": files["faq.csv"] + "Q9,类,问,答,\n".encode("gbk")}
    lines = files["faq.csv"].count(b"\n")
    assert problems_of(broken) == [
        f"faq.csv:{lines + 1}: not UTF-8; save the file with the encoding UTF-8",
    ]


def test_a_byte_order_mark_is_no_problem(files: Files) -> None:
    marked = {
        **files,
        "faq.csv": b"\xef\xbb\xbf" + files["faq.csv"],
        "pack.yaml": b"\xef\xbb\xbf" + files["pack.yaml"],
    }
    assert problems_of(marked) == []


def test_the_policy_says_how_moods_are_met(files: Files) -> None:
    policy = whole(files).pack.policy
    assert policy.care["self_harm"] == Care("care.self_harm", "urgent", "at_once", "policy")
    assert policy.care["angry"] == Care("care.sorry", "high", "offer")
    assert "neutral" not in policy.care


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  angry: {", "  angri: {", "care: `angri` is none of"),
        ("  angry: {", "  neutral: {", "care: `neutral` is none of"),
        (
            "deadline: {priority: high}",
            "deadline: {priority: hgih}",
            "`hgih` is none of low, normal, high, urgent",
        ),
        ("human: at_once", "human: now", "care.self_harm.human: `now` is none of offer, at_once"),
        ("reason: policy", "reason: polcy", "did you mean `policy`?"),
        ("deadline: {priority: high}", "deadline: {reason: policy}", "a reason needs `human: at_once`"),
        ("deadline: {priority: high}", "deadline: {prio: high}", "unknown key `prio`"),
        (
            "opening: care.self_harm",
            "opening: care.selfharm",
            "unknown response `care.selfharm`; did you mean",
        ),
        ("opening: care.self_harm", "opening: handoff.done", "`handoff.done` needs the field `position`"),
    ],
)
def test_care_that_cannot_be_meant_is_reported_with_its_line(
    files: Files, old: str, new: str, message: str
) -> None:
    broken = changed(files, "policy.yaml", old, new)
    line = line_of(broken, "policy.yaml", new)
    found = [problem for problem in problems_of(broken) if message in problem]
    assert [problem.split(" ")[0] for problem in found] == [f"policy.yaml:{line}:"]


def test_an_expression_of_a_lexicon_that_is_none_is_reported(files: Files) -> None:
    broken = {**files, "lexicons/urgency.yaml": 'threat_patterns: ["(曝光"]\n'.encode()}
    assert [problem.split(" ")[0] for problem in problems_of(broken)] == ["lexicons/urgency.yaml:"]


def test_empty_policy_and_guard_are_valid(files: Files) -> None:
    bare = {**files, "policy.yaml": b"# nothing\n", "guard.yaml": b""}
    policy = whole(bare).pack.policy
    assert (policy.offer_human_after, policy.timezone) == (2, "Asia/Shanghai")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("timezone: Asia/Shanghai", "timezone: Asia/Shangai", "is no IANA time zone"),
        ("languages: [zh-Hans, zh-Hant, yue, en]", "languages: [zh-Hans, klingon]", "`klingon` is none of"),
        ("offer_human_after: 2", "offer_human_after: 0", "whole number from 1 to 20"),
        ("complaint: complaints", "complain: complaints", "unknown `complain`; did you mean `complaint`?"),
        ("return_policy: aftersales", "return_polici: aftersales", "did you mean `return_policy`?"),
        ("timezone:", "timezon:", "unknown key `timezon`"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_reported(files: Files, old: str, new: str, message: str) -> None:
    broken = changed(files, "policy.yaml", old, new)
    line = line_of(broken, "policy.yaml", new.split(":")[0])
    found = problems_of(broken)
    assert len(found) == 1
    assert found[0].startswith(f"policy.yaml:{line}: ")
    assert message in found[0]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("name: my-shop", "name: My Shop", "must be at most 40 lower-case letters, digits and -"),
        ("language: zh-Hans", "language: zh_CN", "`zh_CN` is none of"),
        (
            '# clock: "2026-11-20T09:00:00+08:00"',
            'clock: "2026-11-20T09:00:00"',
            "must be a time with its zone",
        ),
        ("# backoffice:\n#   openapi:", "backoffice:\n  openapi:", "there is no file backend-openapi.yaml"),
        ("demo:\n", "demos:\n", "unknown key `demos`"),
    ],
)
def test_a_manifest_that_cannot_be_meant_is_reported(files: Files, old: str, new: str, message: str) -> None:
    found = problems_of(changed(files, "pack.yaml", old, new))
    assert len(found) == 1
    assert message in found[0]


def test_a_missing_manifest_is_reported() -> None:
    assert "pack.yaml: the file is missing: every pack has one" in problems_of({})


def test_a_guard_rule_that_would_refuse_everything_is_reported(files: Files) -> None:
    broken = changed(files, "guard.yaml", "injection:", "injection:\n  all:\n    - '.*'")
    assert "matches the empty text" in problems_of(broken)[0]


def test_a_broken_openapi_document_is_reported_and_flows_are_not_blamed(files: Files) -> None:
    broken = changed(files, "pack.yaml", "# backoffice:\n#   openapi:", "backoffice:\n  openapi:")
    broken = {**broken, "backend-openapi.yaml": b"paths: {}\n"}
    assert problems_of(broken) == [
        "backend-openapi.yaml: the OpenAPI document describes no operation with an operationId"
    ]


def test_the_same_files_make_the_same_release(files: Files) -> None:
    again = dict(sorted(files.items(), reverse=True))
    assert release_id(again) == release_id(files) == whole(files).pack.release


def test_any_change_makes_another_release(files: Files) -> None:
    assert release_id(changed(files, "faq.csv", "48 小时", "24 小时")) != release_id(files)


def test_a_renamed_file_makes_another_release(files: Files) -> None:
    renamed = {
        ("tests/second.yaml" if path == "tests/first.yaml" else path): data for path, data in files.items()
    }
    assert release_id(renamed) != release_id(files)


def test_a_release_is_named_after_its_pack(files: Files) -> None:
    name, _, digest = release_id(files).partition("@")
    assert name == "my-shop"
    assert len(digest) == 12


def test_a_pack_without_a_usable_name_makes_no_release() -> None:
    with pytest.raises(PackInvalid):
        release_id({"pack.yaml": b"title: x\n"})
