"""Request bodies: read up to a limit, parsed strictly, their text made storable everywhere."""

import re
from typing import TypeVar

import msgspec
from starlette.requests import Request

from kefu.errors import BadRequest, TooLarge

T = TypeVar("T")

# What no channel shows and some databases refuse. Tabs and line breaks stay.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FIELD = re.compile(r"`\$\.?([^`]*)`")
_NAMED = re.compile(r"(?:unknown|required) field `([^`]*)`")


async def read_json(request: Request, decoder: "msgspec.json.Decoder[T]", limit: int) -> T:
    """The body as the decoder's type.

    Raises:
        TooLarge: the body is over `limit` bytes.
        BadRequest: it is not JSON of that shape; `field` says where.
    """
    declared = request.headers.get("Content-Length", "")
    if declared.isdigit() and int(declared) > limit:
        raise TooLarge(f"the body has {declared} bytes; at most {limit} are taken")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLarge(f"the body has more than {limit} bytes")
    return parse_with(decoder, bytes(body))


def parse_with(decoder: "msgspec.json.Decoder[T]", body: bytes | str) -> T:
    """Raises `BadRequest`; `field` says where the body does not fit."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise BadRequest(str(error), field=_field_of(str(error))) from error
    except (msgspec.DecodeError, UnicodeError) as error:
        raise BadRequest(f"the body is not valid JSON: {error}") from error


def _field_of(message: str) -> str | None:
    """Where msgspec says that the fault lies; an unknown or missing field is named before its place."""
    found = _NAMED.search(message) or _FIELD.search(message)
    return found[1] or None if found else None


def too_long(text: str, limit: int) -> BadRequest:
    return BadRequest(f"message has {len(text)} characters; at most {limit} are taken", field="message")


def printable(text: str) -> str:
    """The text without control characters and lone surrogates."""
    without = _CONTROLS.sub("", text)
    return without.encode("utf-8", "replace").decode("utf-8") if not without.isascii() else without
