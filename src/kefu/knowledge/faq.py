"""The merchant's question–answer pairs: a CSV table, one passage a pair."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kefu.errors import Problem
from kefu.knowledge.material import Material, passage_id
from kefu.knowledge.passages import Passage

COLUMNS = ("id", "category", "question", "answer", "similar_questions")
_REQUIRED = ("id", "question", "answer")
_SEPARATOR = "|"
_ID = re.compile(r"[A-Za-z0-9-]{1,40}")


@dataclass(slots=True)
class _Reading:
    file: str
    problems: list[Problem] = field(default_factory=list[Problem])
    places: dict[str, int] = field(default_factory=dict[str, int])

    def fault(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.file, line, message))

    def is_new(self, what: str, line: int) -> bool:
        """Whether `what` has not stood in the file before; if it has, both places are named."""
        first = self.places.setdefault(what, line)
        if first != line:
            self.fault(line, f"{what} stands in line {first} too")
        return first == line


def read_faq(text: str, file: str) -> Material:
    """The passages of a FAQ table. Its header names `COLUMNS` in any order; `similar_questions` may lack."""
    reading = _Reading(file)
    passages: list[Passage] = []
    for line, row in _rows(text, reading):
        passage = _passage(row, line, reading)
        if passage is not None:
            passages.append(passage)
    return Material(tuple(passages), tuple(reading.problems))


def _rows(text: str, reading: _Reading) -> Iterator[tuple[int, Mapping[str, str]]]:
    table = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    header: list[str] = []
    line = 1
    try:
        for cells in table:
            if not header:
                header = [cell.strip() for cell in cells]
                missing = [name for name in _REQUIRED if name not in header]
                if missing:
                    reading.fault(1, f"the header lacks {', '.join(missing)}; it needs {', '.join(COLUMNS)}")
                    return
            elif len(cells) != len(header):
                if any(cells):
                    reading.fault(line, f"{len(cells)} cells where the header names {len(header)}")
            else:
                yield line, dict(zip(header, (cell.strip() for cell in cells), strict=True))
            line = table.line_num + 1
    except csv.Error as error:
        reading.fault(line, f"not CSV: {error}")
    if not header:
        reading.fault(0, "the file is empty")


def _passage(row: Mapping[str, str], line: int, reading: _Reading) -> Passage | None:
    empty = [name for name in _REQUIRED if not row[name]]
    if empty:
        reading.fault(line, f"{', '.join(empty)} is empty")
        return None
    if not _ID.fullmatch(row["id"]):
        reading.fault(line, f"the id `{row['id']}` may hold letters, digits and `-` only, at most 40")
        return None
    if not reading.is_new(f"the id `{row['id']}`", line):
        return None
    asked = (row["question"], *row.get("similar_questions", "").split(_SEPARATOR))
    questions = tuple(dict.fromkeys(question.strip() for question in asked if question.strip()))
    return Passage(
        passage_id=passage_id(row["id"], row["question"], row["answer"]),
        source=f"faq:{row['id']}",
        kind="faq",
        title=row["question"],
        heading=(),
        text=row["answer"],
        questions=tuple(q for q in questions if reading.is_new(f"the question `{q}`", line)),
        category=row.get("category", ""),
    )
