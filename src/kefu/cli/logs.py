"""Where log lines go: standard error, never standard output, which belongs to results."""

import logging
import sys
from typing import Literal

import structlog
from structlog.typing import Processor

_QUIET = logging.ERROR
_CHATTY = ("alembic", "httpx", "uvicorn")
"""Libraries that tell of every request, or of each of their own steps."""


def configure(style: Literal["console", "json"], level: int = logging.INFO) -> None:
    """One form for the product's own lines and those of libraries. Call it once, when the process starts."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    last: list[Processor] = (
        # Plain tracebacks: the rich ones print local variables, and those hold personal data and secrets.
        [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
        if style == "console"
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(max(level, logging.WARNING))


def quiet() -> None:
    """For commands whose screen log lines would spoil: errors only."""
    configure("console", _QUIET)
