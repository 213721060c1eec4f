"""Marked spans against those that were found."""

from kefu.learning.entity_figures import entity_figures
from kefu.understanding.catalogue import Mark
from kefu.understanding.reading import Entity


def entity(kind: str, start: int, end: int, value: str | bool | None = None) -> Entity:
    return Entity(kind, "x" * (end - start), value, start, end)


def test_the_type_and_both_ends_must_be_those_of_the_mark() -> None:
    marks = [Mark("size", 0, 2), Mark("color", 4, 6), Mark("product", 8, 12)]
    found = [entity("size", 0, 2), entity("size", 4, 6), entity("product", 8, 11)]

    figures = entity_figures([(marks, found)])

    exact = figures.overall.exact
    assert (exact.truth, exact.found, exact.right) == (3, 3, 1)
    assert figures.by_type["size"].exact.precision == 0.5
    assert figures.by_type["color"].exact.recall == 0


def test_a_part_of_the_span_is_enough_to_overlap() -> None:
    figures = entity_figures([([Mark("product", 8, 12)], [entity("product", 11, 14)])])

    assert (figures.overall.exact.right, figures.overall.overlapping.right) == (0, 1)


def test_spans_that_only_touch_do_not_overlap() -> None:
    figures = entity_figures([([Mark("product", 8, 12)], [entity("product", 12, 14)])])

    assert figures.overall.overlapping.right == 0


def test_one_entity_does_not_stand_for_two_marks() -> None:
    marks = [Mark("product", 0, 2), Mark("product", 3, 5)]

    assert entity_figures([(marks, [entity("product", 0, 5)])]).overall.overlapping.right == 1


def test_values_are_judged_where_the_mark_gives_one_and_the_span_is_right() -> None:
    marks = [Mark("reason", 0, 4, "too_late"), Mark("has_package", 5, 8, False), Mark("size", 9, 10)]
    found = [entity("reason", 0, 4, "other"), entity("has_package", 5, 8, False), entity("size", 9, 10, "M")]

    values = entity_figures([(marks, found)]).overall.values

    assert (values.count, values.right) == (2, 1)


def test_what_is_found_where_nothing_is_marked_costs_precision() -> None:
    figures = entity_figures([([], [entity("date", 0, 2)]), ([Mark("date", 0, 2)], [entity("date", 0, 2)])])

    assert figures.messages == 2
    assert figures.by_type["date"].exact.precision == 0.5
    assert figures.by_type["date"].exact.recall == 1
