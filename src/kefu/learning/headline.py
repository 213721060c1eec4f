"""The figures by which runs are compared, and on which thresholds can be set, each under one name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from kefu.learning.evaluation import Evaluation
from kefu.learning.figures import LabelScore, Rate

Kind = Literal["share", "error", "microseconds", "per_second"]


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is None when the pack has nothing to measure it by; `rate` is there for counted shares."""

    name: str
    title: str
    kind: Kind
    lower_is_better: bool
    value: float | None
    rate: Rate | None


@dataclass(frozen=True, slots=True)
class _Spec:
    name: str
    title: str
    of: Callable[[Evaluation], Rate | float | None]
    kind: Kind = "share"
    lower_is_better: bool = False


def _widest(evaluation: Evaluation) -> float:
    """Nothing is covered when no coverage is as precise as was promised."""
    return evaluation.confidence.widest.coverage if evaluation.confidence.widest else 0.0


def _marked(evaluation: Evaluation) -> LabelScore | None:
    exact = evaluation.entities.overall.exact
    return exact if exact.truth else None


_SPECS = (
    _Spec("accuracy", "意图准确率", lambda e: e.intents.overall.accuracy),
    _Spec("macro_f1", "意图宏平均 F1", lambda e: e.intents.macro_f1),
    _Spec("top3", "前三命中率", lambda e: e.intents.overall.top3),
    _Spec("coverage", "直接处理的占比", lambda e: e.actions.acted),
    _Spec("precision", "直接处理中意图正确", lambda e: e.actions.right),
    _Spec("asked_back", "反问的占比", lambda e: e.actions.asked, lower_is_better=True),
    _Spec("offered", "反问时正确意图在所给两项中", lambda e: e.actions.offered),
    _Spec("ece", "期望校准误差", lambda e: e.confidence.ece, "error", lower_is_better=True),
    _Spec("aurc", "风险-覆盖曲线下面积", lambda e: e.confidence.aurc, "error", lower_is_better=True),
    _Spec("coverage_at_95", "精度 95% 时的最大覆盖", _widest),
    _Spec("out_of_scope_recall", "超范围召回率", lambda e: e.out_of_scope.recall),
    _Spec("out_of_scope_acted", "超范围却被处理", lambda e: e.out_of_scope.acted, lower_is_better=True),
    _Spec("false_alarms", "范围内误判为超范围", lambda e: e.out_of_scope.false_alarms, lower_is_better=True),
    _Spec("entity_precision", "实体精确率", lambda e: (s := _marked(e)) and s.precision),
    _Spec("entity_recall", "实体召回率", lambda e: (s := _marked(e)) and s.recall),
    _Spec("entity_f1", "实体 F1", lambda e: (s := _marked(e)) and s.f1),
    _Spec("entity_values", "实体取值正确", lambda e: e.entities.overall.values),
    _Spec("multi_intent_exact", "多意图完全一致", lambda e: e.multi_intent and e.multi_intent.exact),
    _Spec("multi_intent_f1", "多意图 F1", lambda e: e.multi_intent and e.multi_intent.pairs.f1),
    _Spec("sentiment_accuracy", "情绪准确率", lambda e: e.sentiment and e.sentiment.accuracy),
    _Spec("sentiment_macro_f1", "情绪宏平均 F1", lambda e: e.sentiment and e.sentiment.macro_f1),
    _Spec("language_accuracy", "语种准确率", lambda e: e.languages and e.languages.accuracy),
    _Spec("language_intents", "各语种意图准确率", lambda e: e.languages and e.languages.intents),
    _Spec("dialect_accuracy", "方言意图准确率", lambda e: e.dialects and e.dialects.accuracy),
    _Spec("cpu", "每条消息处理器时间", lambda e: e.cost.microseconds, "microseconds", lower_is_better=True),
    _Spec("messages_per_cpu_second", "每处理器秒消息数", lambda e: e.cost.per_second, "per_second"),
)

LOWER_IS_BETTER: Mapping[str, bool] = {spec.name: spec.lower_is_better for spec in _SPECS}
"""Every figure's name, and whether less of it is better."""


def headline(evaluation: Evaluation) -> tuple[Figure, ...]:
    """Every headline figure, the unmeasured ones too, in a fixed order."""
    return tuple(_figure(spec, evaluation) for spec in _SPECS)


def _figure(spec: _Spec, evaluation: Evaluation) -> Figure:
    found = spec.of(evaluation)
    rate, value = (found, found.share) if isinstance(found, Rate) else (None, found)
    if rate and not rate.count:
        value = None
    return Figure(spec.name, spec.title, spec.kind, spec.lower_is_better, value, rate)
