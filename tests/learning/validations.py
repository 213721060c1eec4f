"""A small validation part with its readings: two intents of two groups, and what is out of scope."""

from collections.abc import Sequence

from tests.learning.readings import reading

from kefu.conversation.commands import Clarify, HandOff, StartFlow, Unsure
from kefu.learning.evaluation import Cost, Evaluation, evaluate
from kefu.understanding.catalogue import OUT_OF_SCOPE, IntentDefinition, Mark, Utterance
from kefu.understanding.labelled import LabelledMessage, LabelledSets
from kefu.understanding.reading import Entity, Reading

INTENTS = tuple(
    IntentDefinition(name, title, group, "定义", "边界", (), ())
    for name, title, group in (
        ("return_apply", "申请退货", "aftersales"),
        ("human_agent", "转人工", "service"),
    )
)
TITLES = {intent.name: intent.title for intent in INTENTS}

RETURN, HUMAN = ("return_apply", 0.9), ("human_agent", 0.4)

CASES: Sequence[tuple[Utterance, Reading]] = (
    (
        Utterance("退掉裙子", "return_apply", "plain", (Mark("product", 2, 4),)),
        reading(
            RETURN, HUMAN, commands=(StartFlow("return"),), entities=(Entity("product", "裙子", "裙", 2, 4),)
        ),
    ),
    (
        Utterance("不想要了啊", "return_apply", "indirect"),
        reading(HUMAN, ("return_apply", 0.3), commands=(Clarify(("human_agent", "return_apply")),)),
    ),
    (
        Utterance("找人工", "human_agent", "plain"),
        reading(("human_agent", 1.0), commands=(HandOff("customer_asked"),)),
    ),
    (
        Utterance("找个能说话的", "human_agent", "indirect"),
        reading(("return_apply", 0.2), requested=0, commands=(Unsure(),), out_of_scope=True),
    ),
    (
        Utterance("天气如何", OUT_OF_SCOPE, "plain"),
        reading(("human_agent", 0.1), requested=0, commands=(Unsure(),), out_of_scope=True),
    ),
    (Utterance("帮我退机票", OUT_OF_SCOPE, "plain"), reading(RETURN, commands=(StartFlow("return"),))),
)


def evaluated(
    cases: Sequence[tuple[Utterance, Reading]] = CASES,
    sets: LabelledSets | None = None,
    **others: Reading,
) -> Evaluation:
    """The figures of these cases; `others` are the readings of the sets' messages."""
    readings = {utterance.text: found for utterance, found in cases}
    validation = [utterance for utterance, _ in cases]
    cost = Cost(messages=len(cases), cpu_seconds=0.003)
    return evaluate(INTENTS, validation, sets or LabelledSets(), {**readings, **others}, cost)


def every_set() -> Evaluation:
    """An evaluation with one message in each labelled set."""
    both = ("return_apply", "human_agent")
    sets = LabelledSets(
        (LabelledMessage("退货找人工", "plain", both),),
        (LabelledMessage("气死", "angry"),),
        (LabelledMessage("幾時退", "yue", ("return_apply",)),),
        (LabelledMessage("啷个退", "四川话", ("return_apply",)),),
    )
    return evaluated(
        sets=sets,
        退货找人工=reading(RETURN, HUMAN, requested=2),
        气死=reading(sentiment="angry", requested=0),
        幾時退=reading(RETURN, language="zh-Hant"),
        啷个退=reading(RETURN),
    )
