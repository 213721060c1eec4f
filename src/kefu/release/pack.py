"""A pack, checked as a whole: every file is read, every reference between files is followed.

Nothing stops at the first fault: the operator sees all of them at once, each with its file and line. What
refers to a broken file is not blamed for it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from pathlib import PurePosixPath
from typing import Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

from kefu.conversation.ids import ReleaseId
from kefu.errors import PackInvalid, Problem
from kefu.flows.library import FlowLibrary, read_library
from kefu.flows.vocabulary import LANGUAGES, OperationSignature, ResponseSignature, Vocabulary
from kefu.knowledge.faq import read_faq
from kefu.knowledge.handbook import read_handbook
from kefu.knowledge.lexicon import Lexicon as SearchLexicon
from kefu.knowledge.lexicon import read_lexicon
from kefu.knowledge.material import Material, joined
from kefu.knowledge.passages import Passage
from kefu.operations.model import Operation
from kefu.release import files as pack_files
from kefu.release.conversation_tests import ConversationTest
from kefu.release.files import (
    FAQ,
    GUARD,
    INTENTS,
    KNOWLEDGE,
    POLICY,
    RULES,
    PackFiles,
    decoded,
    did_you_mean,
    texts,
)
from kefu.release.manifest import Manifest, read_manifest
from kefu.release.policy import TurnPolicy, opening_problems, read_guard, read_policy
from kefu.release.responses import AnyResponse, response_problems
from kefu.release.tests_reader import Names, read_tests
from kefu.safety.input_guard import InputGuard
from kefu.understanding.catalogue import (
    OUT_OF_SCOPE,
    IntentDefinition,
    Utterance,
    parse_intents,
    parse_utterances,
)
from kefu.understanding.labelled import SET_NAMES, LabelledMessage, LabelledSets, parse_labelled
from kefu.understanding.lexicon import Lexicon, parse_lexicon
from kefu.understanding.rules import Rule, parse_rules
from kefu.understanding.sentiment import SentimentLexicon
from kefu.understanding.urgency import UrgencyLexicon

ANSWERS = "answers"
"""The lexicon whose lists the rules may name."""

T = TypeVar("T")


class Worded(Protocol):
    """The parsed responses, as far as other files refer to them."""

    @property
    def responses(self) -> Mapping[str, ResponseSignature]: ...


W = TypeVar("W", bound=Worded)


@dataclass(frozen=True, slots=True)
class Pack(Generic[W]):
    """The parts of a pack without a problem. `release` is the version that its contents make.

    Nothing is trained on `validation` and `validation_sets`: they tell how good understanding is.
    """

    release: ReleaseId
    manifest: Manifest
    policy: TurnPolicy
    guard: InputGuard
    intents: tuple[IntentDefinition, ...]
    utterances: tuple[Utterance, ...]
    validation: tuple[Utterance, ...]
    training_sets: LabelledSets
    validation_sets: LabelledSets
    lexicons: Mapping[str, Lexicon]
    rules: tuple[Rule, ...]
    flows: FlowLibrary
    wording: W
    passages: tuple[Passage, ...]
    search_words: SearchLexicon
    tests: tuple[ConversationTest, ...]


def parse_pack(
    files: PackFiles,
    operations: Mapping[str, Operation] | None,
    read_wording: Callable[[Mapping[str, str], tzinfo], W],
    found: Iterable[Problem] = (),
) -> Pack[W]:
    """The pack that the files make.

    `operations` are those of the back office, None when its description cannot be used. `read_wording` reads
    the response files (file → text), with the time zone in which they tell times, and raises `PackInvalid`.
    `found` are problems that are known already; they are reported with the rest.

    Raises:
        PackInvalid: with every problem of every file.
    """
    reading = _Reading(files, list(found))
    manifest = reading.taken(read_manifest(files))
    reading.problems += _stray(files, manifest)
    intents = reading.tried(lambda: parse_intents(reading.text(INTENTS), INTENTS))
    names = None if intents is None else frozenset(intent.name for intent in intents)
    policy = reading.taken(read_policy(reading.optional(POLICY), POLICY, names))
    guard = reading.taken(read_guard(reading.optional(GUARD), GUARD))
    utterances = reading.utterances("utterances", names)
    validation = reading.utterances("validation", names)
    training_sets = reading.labelled("utterances", names)
    validation_sets = reading.labelled("validation", names)
    reading.problems += _reserved(names)
    reading.problems += _untaught(names, utterances)
    lexicons = reading.lexicons()
    reading.check_moods(lexicons)
    rules = reading.rules(lexicons.get(ANSWERS, Lexicon(ANSWERS, {})), names)
    wording = reading.tried(lambda: read_wording(reading.folder("responses"), ZoneInfo(policy.timezone)))
    reading.problems += response_problems(wording.responses, intents or ()) if wording else ()
    reading.problems += opening_problems(policy, POLICY, wording.responses) if wording else ()
    vocabulary = _vocabulary(operations, wording, names)
    flows = vocabulary and reading.tried(lambda: read_library(reading.folder("flows"), vocabulary))
    reading.check_started_flows(rules, flows)
    passages = reading.passages()
    search_words = reading.taken(read_lexicon(reading.optional(KNOWLEDGE), KNOWLEDGE))
    tests = reading.tests(_names(names, flows, operations))
    if reading.problems or manifest is None or intents is None or flows is None or wording is None:
        raise PackInvalid(sorted(set(reading.problems)))
    return Pack(
        release=_release(manifest.name, files),
        manifest=manifest,
        policy=policy,
        guard=guard,
        intents=intents,
        utterances=utterances,
        validation=validation,
        training_sets=training_sets,
        validation_sets=validation_sets,
        lexicons=lexicons,
        rules=rules,
        flows=flows,
        wording=wording,
        passages=passages,
        search_words=search_words,
        tests=tests,
    )


def release_id(files: PackFiles) -> ReleaseId:
    """`<name>@<12 hex digits>`: the same for the same files, whatever they were read from.

    Raises:
        PackInvalid: the manifest cannot be used.
    """
    manifest, problems = read_manifest(files)
    if manifest is None:
        raise PackInvalid(problems)
    return _release(manifest.name, files)


class _Reading:
    """The files being read; `problems` collects what every part says about its own."""

    def __init__(self, files: PackFiles, problems: list[Problem]) -> None:
        self._files = files
        self.problems = problems

    def taken(self, result: tuple[T, Sequence[Problem]]) -> T:
        value, problems = result
        self.problems += problems
        return value

    def tried(self, read: Callable[[], T]) -> T | None:
        """What `read` gives, or None and its problems."""
        try:
            return read()
        except PackInvalid as invalid:
            self.problems += invalid.problems
            return None

    def text(self, file: str) -> str:
        """Raises `PackInvalid` when the file is missing or no text."""
        if file not in self._files:
            raise PackInvalid([Problem(file, 0, "the file is missing: every pack has one")])
        text = decoded(file, self._files[file])
        if isinstance(text, Problem):
            raise PackInvalid([text])
        return text

    def optional(self, file: str) -> str:
        """Empty when there is no such file."""
        return (self.tried(lambda: self.text(file)) or "") if file in self._files else ""

    def folder(self, name: str) -> Mapping[str, str]:
        return self.taken(texts(self._files, name))

    def utterances(self, folder: str, intents: frozenset[str] | None) -> tuple[Utterance, ...]:
        found: list[Utterance] = []
        for path, text in self.folder(folder).items():
            intent = PurePosixPath(path).stem
            if intent in SET_NAMES:
                continue
            if intents is not None and intent not in intents and intent != OUT_OF_SCOPE:
                message = f"`{intent}` is no intent of {INTENTS}{did_you_mean(intent, intents)}"
                self.problems.append(Problem(path, 0, message))
            else:
                found += self.tried(partial(parse_utterances, text, intent, path)) or ()
        return tuple(found)

    def labelled(self, folder: str, intents: frozenset[str] | None) -> LabelledSets:
        """The folder's labelled sets; a message of an intent that does not exist is a problem of its line."""
        found: dict[str, tuple[LabelledMessage, ...]] = {}
        for path, text in self.folder(folder).items():
            name = PurePosixPath(path).stem
            if name in SET_NAMES:
                found[name] = self.tried(partial(parse_labelled, text, name, path)) or ()
                self.problems += _unknown_intents(found[name], path, intents)
        return LabelledSets(**found)

    def lexicons(self) -> Mapping[str, Lexicon]:
        found: dict[str, Lexicon] = {}
        for path, text in self.folder("lexicons").items():
            lexicon = self.tried(partial(parse_lexicon, text, PurePosixPath(path).stem, path))
            if lexicon is not None:
                found[lexicon.name] = lexicon
        return found

    def check_moods(self, lexicons: Mapping[str, Lexicon]) -> None:
        """The lexicons that hold regular expressions."""
        for name, reader in (("sentiment", SentimentLexicon), ("urgency", UrgencyLexicon)):
            if name in lexicons:
                self.tried(partial(reader, lexicons[name]))

    def rules(self, answers: Lexicon, intents: frozenset[str] | None) -> tuple[Rule, ...]:
        if RULES not in self._files or any(p.file == f"lexicons/{ANSWERS}.yaml" for p in self.problems):
            return ()
        rules = self.tried(lambda: parse_rules(self.text(RULES), answers, RULES)) or ()
        for rule in rules:
            if rule.is_intent and intents is not None and rule.then not in intents:
                message = (
                    f"rule `{rule.name}`: unknown intent `{rule.then}`{did_you_mean(rule.then, intents)}"
                )
                self.problems.append(Problem(RULES, 0, message))
        return rules

    def check_started_flows(self, rules: tuple[Rule, ...], flows: FlowLibrary | None) -> None:
        if flows is None:
            return
        for rule in rules:
            if rule.starts and rule.starts not in flows.flows:
                hint = did_you_mean(rule.starts, flows.flows)
                message = f"rule `{rule.name}`: unknown flow `{rule.starts}`{hint}"
                self.problems.append(Problem(RULES, 0, message))

    def passages(self) -> tuple[Passage, ...]:
        faq = self.optional(FAQ)
        material = joined((read_faq(faq, FAQ) if faq else Material(), read_handbook(self.folder("handbook"))))
        self.problems += material.problems
        return material.passages

    def tests(self, names: Names) -> tuple[ConversationTest, ...]:
        found: list[ConversationTest] = []
        for path, text in self.folder("tests").items():
            found += self.taken(read_tests(text, path, names))
        return tuple(found)


def _stray(files: PackFiles, manifest: Manifest | None) -> Iterator[Problem]:
    """Files that nothing reads, and data files that are no JSON."""
    if manifest is None:
        return
    backoffice = manifest.backoffice
    also = [] if backoffice is None else [backoffice.openapi]
    if backoffice is not None and backoffice.shop is not None:
        also.append(f"{backoffice.shop}/")
        for path in sorted(files):
            if path.startswith(f"{backoffice.shop}/"):
                yield from _json_problems(path, files[path])
    yield from pack_files.unknown_files(files, also)


def _untaught(intents: frozenset[str] | None, utterances: Sequence[Utterance]) -> Iterator[Problem]:
    taught = {utterance.intent for utterance in utterances}
    for intent in sorted((intents or frozenset()) - taught):
        yield Problem(f"utterances/{intent}.txt", 0, f"no utterance teaches the intent `{intent}`")


def _unknown_intents(
    messages: Iterable[LabelledMessage], path: str, intents: frozenset[str] | None
) -> Iterator[Problem]:
    if intents is None:
        return
    for message in messages:
        # Nobody can ask for something of the shop and for nothing of it at once.
        known = intents if len(message.intents) > 1 else intents | {OUT_OF_SCOPE}
        for intent in message.intents:
            if intent not in known:
                hint = did_you_mean(intent, known)
                yield Problem(path, message.line, f"`{intent}` is no intent of {INTENTS}{hint}")


def _reserved(intents: frozenset[str] | None) -> Iterator[Problem]:
    for name in sorted((intents or frozenset()) & frozenset(SET_NAMES)):
        yield Problem(INTENTS, 0, f"`{name}` cannot be an intent's name: {name}.txt has another meaning")


def _json_problems(path: str, data: bytes) -> Iterator[Problem]:
    if not path.endswith(".json"):
        return
    text = decoded(path, data)
    if isinstance(text, Problem):
        yield text
        return
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        yield Problem(path, error.lineno, f"not JSON: {error.msg}")
    except RecursionError:
        yield Problem(path, 0, "nested too deeply")


def _vocabulary(
    operations: Mapping[str, OperationSignature] | None,
    wording: Worded | None,
    intents: frozenset[str] | None,
) -> Vocabulary | None:
    """What flows may refer to. Without the operations no flow can be read: they say which step is a write."""
    if operations is None:
        return None
    responses = AnyResponse(LANGUAGES) if wording is None else wording.responses
    return Vocabulary(operations, responses, intents=intents)


def _names(
    intents: frozenset[str] | None, flows: FlowLibrary | None, operations: Mapping[str, Operation] | None
) -> Names:
    slots = {name: flow.slots.keys() for name, flow in flows.flows.items()} if flows is not None else None
    return Names(intents, slots, None if operations is None else operations.keys())


def _release(name: str, files: PackFiles) -> ReleaseId:
    digest = hashlib.sha256()
    for path in sorted(files):
        # Lengths keep a path from running over into contents: no two packs give the same bytes.
        encoded = path.encode()
        digest.update(f"{len(encoded)}:{len(files[path])}:".encode())
        digest.update(encoded)
        digest.update(files[path])
    return ReleaseId(f"{name}@{digest.hexdigest()[:12]}")
