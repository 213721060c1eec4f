"""E-mail addresses as they are read out: 幺二三艾特幺二六点康姆."""

import re
from collections.abc import Iterator

from kefu.understanding.numerals import digits_of
from kefu.understanding.spans import Span

_SPOKEN = "零〇幺一二三四五六七八九两"
_AT = "艾特|爱特|圈a|小老鼠"
_HINT = re.compile(_AT)
_ADDRESS = re.compile(
    rf"(?P<user>[a-z0-9{_SPOKEN}](?:\s?[a-z0-9._{_SPOKEN}]){{0,24}})\s?(?:{_AT})\s?"
    rf"(?P<host>[a-z0-9{_SPOKEN}](?:\s?[a-z0-9{_SPOKEN}]){{0,15}})(?P<dots>(?:\s?(?:点|\.)\s?(?:康姆|康|"
    rf"com|cn|net|org)){{0,2}})"
)


def find_spoken_emails(text: str) -> Iterator[Span]:
    """The addresses in cleaned text; one whose end was left out has no value."""
    if not _HINT.search(text):
        return
    for match in _ADDRESS.finditer(text):
        yield Span("email", match.start(), match.end(), _value(match) if match["dots"] else None)


def _value(match: re.Match[str]) -> str:
    domain = re.sub("康姆|康", "com", re.sub(r"\s?点\s?", ".", match["dots"]))
    written = digits_of(f"{match['user']}@{match['host']}{domain}")
    return re.sub(r"\s", "", written)
