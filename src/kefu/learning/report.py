"""The report of an evaluation: a page of Markdown beside its drawings. Chinese first, English second."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kefu.learning.evaluation import Evaluation
from kefu.learning.tables import Section, sections

_FEW = 100
"""Messages below which a share is more guess than figure."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing beside the report: its file, and what it shows."""

    file: str
    caption: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What was evaluated: the release, what ran it, and the intents' Chinese titles."""

    release: str
    program: str
    titles: Mapping[str, str]


def markdown(evaluation: Evaluation, subject: Subject, plots: Sequence[Plot]) -> str:
    """The whole report."""
    parts = [
        "# 理解能力评测 Evaluation of understanding",
        f"版本 release `{subject.release}` · {subject.program}",
        *(_section(section) for section in sections(evaluation, subject.titles)),
        "## 图 Plots",
        *(f"![{plot.caption}]({plot.file})\n\n{plot.caption}" for plot in plots),
        "## 读数前请注意 Before you rely on this",
        "\n".join(f"- {caveat}" for caveat in _caveats(evaluation)),
    ]
    return "\n\n".join(parts) + "\n"


def _section(section: Section) -> str:
    parts = [f"## {section.title}"]
    if section.header:
        lines = [section.header, ("---",) * len(section.header), *section.rows]
        parts.append("\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines))
    if section.note:
        parts.append(section.note)
    return "\n\n".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _caveats(evaluation: Evaluation) -> Iterator[str]:
    inside, outside = evaluation.intents.overall.accuracy.count, evaluation.out_of_scope.recall.count
    smallest = min(score.truth for score in evaluation.intents.by_intent.values())
    yield (
        f"样本是为评测而写的 {inside} 条范围内和 {outside} 条超范围消息，不是真实流量；"
        "流量里各意图多少不一，总数字会不同。 "
        "The messages were written for this, not drawn from traffic, where some intents are common and "
        "others rare: overall figures differ there."
    )
    yield (
        f"最小的意图只有 {smallest} 条：一条消息就是 {100 / smallest:.0f} 个百分点。 "
        f"The smallest intent has {smallest} messages: one of them is {100 / smallest:.0f} points."
    )
    yield (
        "区间只含抽样误差，不含出题人的偏好；在同一份样本上反复调整会让数字虚高。 "
        "The intervals hold the error of sampling, not the author's taste; tuning against the same messages "
        "over and over flatters every figure."
    )
    yield (
        "每条消息单独读，前面没有对话；准确率把反问前的首选也计入，客户实际遇到的看“处理”一表。 "
        "Every message is read alone. Accuracy counts the first reading even where the product asks back: "
        "what customers meet is in the table of what messages lead to."
    )
    yield (
        "处理器时间取自单进程、无缓存的一次运行，不是压力测试。 "
        "Processor time is that of one uncached run in one process: no load test."
    )
    counts = {
        "multi_intent": evaluation.multi_intent and evaluation.multi_intent.exact.count,
        "sentiment": evaluation.sentiment and evaluation.sentiment.accuracy.count,
        "languages": evaluation.languages and evaluation.languages.accuracy.count,
        "dialects": evaluation.dialects and evaluation.dialects.accuracy.count,
    }
    absent = [name for name, count in counts.items() if not count]
    few = [name for name, count in counts.items() if count and count < _FEW]
    if absent:
        yield f"没有评测集 not measured, the pack has no such set: {', '.join(absent)}."
    if few:
        yield f"不足 {_FEW} 条，只作线索 fewer than {_FEW} messages, hints at most: {', '.join(few)}."
