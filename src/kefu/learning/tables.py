"""An evaluation as tables, for the terminal and for the report. Chinese first, English second."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kefu.learning.entity_figures import EntityScore
from kefu.learning.evaluation import Evaluation, Quality
from kefu.learning.figures import Confusion, LabelScore, Rate
from kefu.learning.headline import Figure, headline
from kefu.learning.labelled_figures import NOTHING
from kefu.understanding.catalogue import OUT_OF_SCOPE

_WEAKEST = 15
_OUTCOMES = {
    "flow": "启动流程 starts a flow",
    "hand_off": "转人工 hands off",
    "search": "检索作答 searches",
    "smalltalk": "寒暄 small talk",
    "other": "其他 other",
    "ask": "反问 asks back",
    "unsure": "没懂 unsure",
}
_COVERAGES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_MISSING = "无 none"


@dataclass(frozen=True, slots=True)
class Section:
    """A titled table. One that is not `brief` is for the report, not for the terminal."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    brief: bool = True


def sections(evaluation: Evaluation, titles: Mapping[str, str]) -> tuple[Section, ...]:
    """Every table of an evaluation, in the order in which they are read."""
    return (
        _summary(headline(evaluation)),
        _by("文体 Styles", "文体 style", evaluation.intents.by_style),
        _by("意图组 Groups", "组 group", evaluation.intents.by_group),
        _weakest(evaluation.intents.by_intent, titles),
        _confused("最易混淆 Most confused", evaluation.intents.confused, titles),
        _outcomes(evaluation),
        _coverage(evaluation),
        _reliability(evaluation),
        _entities(evaluation),
        *_sets(evaluation),
        _by_intent(evaluation.intents.by_intent, titles),
    )


def shown(figure: Figure) -> str:
    """A figure's value as it is printed."""
    match figure.value, figure.kind:
        case None, _:
            return _MISSING
        case value, "share":
            return percent(value)
        case value, "error":
            return f"{value:.3f}"
        case value, "microseconds":
            return f"{value:,.0f} µs"
        case value, "per_second":
            return f"{value:,.0f}"


def percent(share: float) -> str:
    return f"{share:.1%}"


def _summary(figures: Sequence[Figure]) -> Section:
    rows = ((figure.title, figure.name, shown(figure), *_interval(figure.rate)) for figure in figures)
    note = "95% 区间只含抽样误差。 The 95 % interval is that of sampling alone."
    header = ("指标 figure", "名称 name", "数值 value", "95% 区间 interval", "样本 of")
    return Section("总览 Summary", header, tuple(rows), note)


def _interval(rate: Rate | None) -> tuple[str, str]:
    if rate is None or not rate.count:
        return "", ""
    return f"{percent(rate.low)} – {percent(rate.high)}", str(rate.count)


def _by(title: str, what: str, qualities: Mapping[str, Quality]) -> Section:
    rows = ((name or "–", *_rate(each.accuracy), _share(each.top3)) for name, each in qualities.items())
    return Section(title, (what, "样本 of", "准确率 accuracy", "前三 top 3"), tuple(rows))


def _weakest(scores: Mapping[str, LabelScore], titles: Mapping[str, str]) -> Section:
    ordered = sorted(scores.items(), key=lambda item: (item[1].f1, item[0]))[:_WEAKEST]
    return _labels("最弱的意图 Weakest intents", ordered, lambda name: _named(name, titles))


def _by_intent(scores: Mapping[str, LabelScore], titles: Mapping[str, str]) -> Section:
    rows = _labels("逐个意图 Every intent", scores.items(), lambda name: _named(name, titles))
    note = "每个意图样本很少，单个数字只作线索。 Few messages each: hints, not measurements."
    return Section(rows.title, rows.header, rows.rows, note, brief=False)


def _labels(title: str, scores: Iterable[tuple[str, LabelScore]], name: Callable[[str], str]) -> Section:
    rows = (
        (
            name(label),
            str(score.truth),
            percent(score.precision),
            percent(score.recall),
            percent(score.f1),
        )
        for label, score in scores
    )
    header = ("标签 label", "样本 of", "精确率 precision", "召回率 recall", "F1")
    return Section(title, header, tuple(rows))


def _confused(title: str, confusions: Sequence[Confusion], titles: Mapping[str, str]) -> Section:
    rows = ((_named(one.truth, titles), _named(one.found, titles), str(one.count)) for one in confusions)
    return Section(title, ("实际 truth", "读成 read as", "次数 times"), tuple(rows))


def _outcomes(evaluation: Evaluation) -> Section:
    rows = (
        (_OUTCOMES[name], str(outcome.share.right), _share(outcome.share), _share(outcome.right))
        for name, outcome in evaluation.actions.outcomes.items()
    )
    header = ("处理方式 what happens", "次数 times", "占比 share", "其中意图正确 intent right")
    return Section("范围内消息的处理 What in-scope messages lead to", header, tuple(rows))


def _coverage(evaluation: Evaluation) -> Section:
    curve = evaluation.confidence.curve
    rows: list[tuple[str, ...]] = []
    for goal in _COVERAGES:
        point = min(curve, key=lambda point: abs(point.coverage - goal))
        rows.append((percent(point.coverage), percent(point.precision), f"{point.threshold:.3f}"))
    header = ("覆盖 coverage", "正确率 precision", "阈值 threshold")
    return Section("风险与覆盖 Risk and coverage", header, tuple(rows), brief=False)


def _reliability(evaluation: Evaluation) -> Section:
    rows = (
        (
            f"{one.low:.2f} – {one.high:.2f}",
            str(one.count),
            f"{one.confidence:.3f}",
            f"{one.accuracy:.3f}",
        )
        for one in evaluation.confidence.bins
    )
    header = ("置信区间 bin", "样本 of", "平均置信度 confidence", "正确率 accuracy")
    return Section("校准 Calibration", header, tuple(rows), brief=False)


def _entities(evaluation: Evaluation) -> Section:
    figures = evaluation.entities
    rows = [_entity(kind, score) for kind, score in figures.by_type.items()]
    header = (
        "类型 type",
        "标注 marked",
        "识别 found",
        "精确率 precision",
        "召回率 recall",
        "F1",
        "重叠 F1 overlapping",
        "取值正确 values",
    )
    note = f"{figures.messages} 条消息，起止完全一致才算对。 Exact spans in {figures.messages} messages."
    return Section("实体 Entities", header, (*rows, _entity("全部 all", figures.overall)), note)


def _entity(name: str, score: EntityScore) -> tuple[str, ...]:
    exact = score.exact
    return (
        name,
        str(exact.truth),
        str(exact.found),
        percent(exact.precision),
        percent(exact.recall),
        percent(exact.f1),
        percent(score.overlapping.f1),
        f"{_share(score.values)} / {score.values.count}" if score.values.count else "–",
    )


def _sets(evaluation: Evaluation) -> Iterator[Section]:
    """The labelled sets; one that the pack does not have says so."""
    several, mood = evaluation.multi_intent, evaluation.sentiment
    spoken, dialects = evaluation.languages, evaluation.dialects
    rates = ("样本 of", "准确率 accuracy")
    by_style = several and {**several.by_style, "全部 all": several.exact}
    note = several and (
        f"按意图计 F1 {percent(several.pairs.f1)}（精确率 {percent(several.pairs.precision)}，召回率 "
        f"{percent(several.pairs.recall)}）；听出不止一件事 heard as several: {_share(several.several)}"
    )
    yield _rates("多意图完全一致 Several requests, all right", ("文体 style", *rates), by_style, note or "")
    if mood is None:
        yield _rates("情绪 Mood", (), None)
    else:
        yield _labels("情绪 Mood", mood.by_label.items(), str)
        names = mood.confusion.labels
        rows = zip(names, mood.confusion.counts, strict=True)
        table = tuple((name, *map(str, counts)) for name, counts in rows)
        yield Section("情绪混淆 Moods confused", ("实际＼读成 truth＼read", *names), table)
    languages = spoken and {**spoken.by_language, "全部 all": spoken.accuracy}
    yield _rates("语种 Languages", ("语种 language", *rates), languages)
    if spoken is not None:
        yield _confused("语种混淆 Languages confused", spoken.confused, {})
    asked = spoken and spoken.intents.count and {**spoken.intents_by_language, "全部 all": spoken.intents}
    yield _rates("各语种的意图 Intents by language", ("语种 language", *rates), asked or None)
    said = dialects and {**dialects.by_dialect, "全部 all": dialects.accuracy}
    yield _rates("方言的意图 Intents by dialect", ("方言 dialect", *rates), said)


def _rates(title: str, header: tuple[str, ...], rates: Mapping[str, Rate] | None, note: str = "") -> Section:
    if rates is None:
        return Section(title, (), (), _MISSING)
    return Section(title, header, tuple((name or "–", *_rate(each)) for name, each in rates.items()), note)


def _rate(rate: Rate) -> tuple[str, str]:
    return str(rate.count), _share(rate)


def _share(rate: Rate) -> str:
    return percent(rate.share) if rate.count else "–"


def _named(label: str, titles: Mapping[str, str]) -> str:
    own = {OUT_OF_SCOPE: "超出范围", NOTHING: "没读出"}
    title = titles.get(label) or own.get(label, "")
    return f"{label} {title}".strip()
