"""`kefu ingest` and `kefu search`: the pack's knowledge as passages, and what a question finds in them."""

from collections.abc import Iterable, Mapping
from time import perf_counter

from rich.markup import escape

from kefu.adapters.clocks import system_clock
from kefu.adapters.packs import load_pack
from kefu.adapters.search.embedded import EmbeddedIndex
from kefu.cli.environment import pack_location
from kefu.cli.printing import err, out, show, table
from kefu.knowledge.passages import Passage, Query
from kefu.knowledge.segment import Segmenter

_SHOWN = 160


def ingest(pack: str | None) -> None:
    """One row for each document, and one for the question–answer pairs together. Raises `PackInvalid`."""
    passages = load_pack(pack_location(pack)).pack.passages
    rows = table("source", "title", "passages", "characters", "in force")
    for name, own in _documents(passages).items():
        first = own[0]
        title = first.title if first.kind != "faq" else "questions and answers"
        days = [str(day) for day in (first.effective_from, first.effective_to) if day]
        size = sum(len(passage.text) for passage in own)
        rows.add_row(name, escape(title), str(len(own)), str(size), " – ".join(days))
    show(rows)
    out().print(f"[bold green]{len(passages)} passages[/]")


def _documents(passages: Iterable[Passage]) -> Mapping[str, list[Passage]]:
    """Passages by document; all question–answer pairs count as one."""
    found: dict[str, list[Passage]] = {}
    for passage in passages:
        found.setdefault("faq" if passage.kind == "faq" else passage.source, []).append(passage)
    return found


def search(query: str, *, pack: str | None, limit: int) -> None:
    loaded = load_pack(pack_location(pack)).pack
    index = EmbeddedIndex(loaded.passages, Segmenter(loaded.search_words))
    begin = perf_counter()
    hits = index.search(Query(query, loaded.manifest.clock or system_clock(), limit=limit))
    took = (perf_counter() - begin) * 1000
    for number, hit in enumerate(hits, start=1):
        passage = hit.passage
        title = " › ".join((passage.title, *passage.heading))
        text = passage.text.replace("\n", " ")
        out().print(f"[bold]{number}[/] [cyan]{hit.score:.3f}[/] {escape(title)} [dim]{passage.source}[/]")
        out().print(f"    {escape(text[:_SHOWN])}{'…' if len(text) > _SHOWN else ''}")
    err().print(f"[dim]{len(hits)} passages in {took:.1f} ms[/]")
