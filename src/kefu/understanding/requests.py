"""Several requests in one message: where one ends and the next begins.

A message is cut at its joints into pieces; neighbouring pieces are joined again to the two or three parts
that the classifier knows best as different intents. Whether the message really asks for several things is
judged by how well its parts are known, how torn the classifier is about the whole, and its wording.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations, pairwise

import rjieba

from kefu.understanding.classifier import Prediction
from kefu.understanding.request_judge import UNKNOWN, RequestJudge
from kefu.understanding.text import squeezed

MOST_REQUESTS = 3
_MOST_PIECES = 4
_MOST_WORDS = 6
_LONG_WITHOUT_JOINT = 10
_SHORTEST_PIECE = 4
_THIRD_IS_CLEAR = 0.9
"""A third part must be known nearly as well as two are: most messages in three pieces ask for two things."""

_CONNECTIVE = (
    r"顺便(?:再?问一?下|说一?下)?|另外|还有(?=[^没多])|对了|还想|再问|再帮|以及|同时|然后|再就是|其次|外加|加上"
    r"|并且|而且|\band\b|\balso\b|\bplus\b|第[一二三]|[一二三]是|先(?=[^生])|再(?=[给帮把开看查问])|也(?=[给帮把要想])"
)
_JOINT = re.compile(rf"[,，。.;；!！?？~…\s、:：]+|{_CONNECTIVE}")
_PLAIN_CONNECTIVE = re.compile(_CONNECTIVE)


@dataclass(frozen=True, slots=True)
class Request:
    """One request: the span of a cleaned text that makes it, and what it asks for."""

    intent: str
    confidence: float
    start: int
    end: int


Division = tuple[Request, ...]
Predict = Callable[[str], Prediction]


class RequestFinder:
    """Finds the requests of cleaned messages."""

    def __init__(self, predict: Predict, judge: RequestJudge) -> None:
        self._predict = predict
        self._judge = judge

    def find(self, text: str, whole: Prediction) -> Division:
        """The requests in their order, two or three; none when the message asks for one thing.

        `whole` is the prediction of the whole text.
        """
        seen = at_sight(text, whole)
        if not self._judge.may_be_several(seen):
            return ()
        divisions = divide(text, self._predict)
        if not divisions or not self._judge.several({**seen, **divided(whole, divisions[0])}):
            return ()
        return clearest(divisions)


def divide(text: str, predict: Predict) -> Sequence[Division]:
    """The best division of a cleaned text into two parts with different intents, then that into three; less
    where there are not so many pieces or intents."""
    cut = pieces(text)
    known: dict[tuple[int, int], Request] = {}

    def part(first: int, last: int) -> Request:
        if (first, last) not in known:
            start, end = _without_joint(text, cut[first][0]), cut[last - 1][1]
            prediction = predict(text[start:end])
            intent, confidence = prediction.intents[0]
            # What may be out of scope is hardly a request.
            known[first, last] = Request(intent, confidence / (2 if prediction.outside else 1), start, end)
        return known[first, last]

    found: list[Division] = []
    for count in range(2, min(MOST_REQUESTS, len(cut)) + 1):
        borders = ((0, *inner, len(cut)) for inner in combinations(range(1, len(cut)), count - 1))
        divisions = (tuple(part(*span) for span in pairwise(border)) for border in borders)
        different = [one for one in divisions if len({request.intent for request in one}) == count]
        if not different:
            break
        found.append(max(different, key=clarity))
    return found


def clearest(divisions: Sequence[Division]) -> Division:
    """The one that is taken when a message asks for several things."""
    if len(divisions) > 1 and clarity(divisions[1]) > _THIRD_IS_CLEAR * clarity(divisions[0]):
        return divisions[1]
    return divisions[0]


def clarity(division: Division) -> float:
    """The geometric mean of the parts' confidence."""
    return math.prod(request.confidence for request in division) ** (1 / len(division))


def at_sight(text: str, whole: Prediction) -> Mapping[str, float]:
    """What the whole message says for and against several requests."""
    likelihood = [_log(confidence) for _, confidence in whole.intents] + [_log(0)] * 3
    return {
        "wording": whole.several,
        "whole": likelihood[0],
        "lead": likelihood[0] - likelihood[1],
        "runner_up_lead": likelihood[1] - likelihood[2],
        "connective": float(_PLAIN_CONNECTIVE.search(text) is not None),
        "length": len(text) / 50,
        "pieces": float(len(pieces(text))),
    }


def divided(whole: Prediction, division: Division) -> Mapping[str, float]:
    """What the best division into two says for and against several requests."""
    ranked = [intent for intent, _ in whole.intents]
    weaker, stronger = sorted(request.confidence for request in division)
    parts = {request.intent for request in division}
    in_whole = sorted(_log(dict(whole.intents).get(intent, 0)) for intent in parts)
    return {
        "parts_are_the_best_two": float(parts == set(ranked[:2])),
        "parts_are_among_the_best_three": float(parts <= set(ranked[:3])),
        "weaker_part": _log(weaker),
        "stronger_part": _log(stronger),
        "weaker_part_in_whole": in_whole[0],
        "stronger_part_in_whole": in_whole[-1],
    }


def pieces(text: str) -> Sequence[tuple[int, int]]:
    """The spans between the joints of a text, `_MOST_PIECES` at most.

    A long text without any joint is cut between its words, in more pieces: «我要退货发票也开一下».
    """
    spans = list(
        pairwise([0, *(joint.start() for joint in _JOINT.finditer(text) if joint.start()), len(text)])
    )
    while len(spans) > 1 and min(_contents(text, spans)) < _SHORTEST_PIECE:
        _join_shortest(text, spans)
    most = _MOST_PIECES
    if len(spans) == 1 and len(text) >= _LONG_WITHOUT_JOINT:
        most = _MOST_WORDS
        ends = [0, *accumulate(len(word) for word in rjieba.cut(text))]
        spans = [(start, end) for start, end in pairwise(ends) if start < end]
    while len(spans) > most:
        _join_shortest(text, spans)
    return spans


def _without_joint(text: str, start: int) -> int:
    """Where a piece begins to say something: the joints before it belong to no request."""
    while joint := _JOINT.match(text, start):
        start = joint.end()
    return start


def _contents(text: str, spans: Sequence[tuple[int, int]]) -> list[int]:
    """How much each span says."""
    return [len(squeezed(text[start:end])) for start, end in spans]


def _join_shortest(text: str, spans: list[tuple[int, int]]) -> None:
    """Joins the span that says least to the one of its neighbours that says less."""
    sizes = _contents(text, spans)
    shortest = sizes.index(min(sizes))
    neighbours = [index for index in (shortest - 1, shortest + 1) if 0 <= index < len(spans)]
    first = min(shortest, min(neighbours, key=lambda index: sizes[index]))
    spans[first : first + 2] = [(spans[first][0], spans[first + 1][1])]


def _log(probability: float) -> float:
    return math.log(max(probability, UNKNOWN))
