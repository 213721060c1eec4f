"""Every error that Kefu raises on purpose, arranged by who must act.

    KefuError
    ├── CallerError                 the caller must change the request
    │   ├── BadRequest              a field is missing or malformed
    │   ├── Unauthenticated         no key, or one that is unknown or revoked
    │   ├── Forbidden               the key is known but lacks the scope
    │   ├── NotFound                no such thing in this workspace
    │   ├── Conflict                the thing is in another state than the caller believed
    │   │   └── VersionConflict     somebody appended to the conversation first; reload and retry
    │   ├── TooLarge                a body or a message is over its limit
    │   └── RateLimited             slow down; `retry_after` says for how long
    ├── OperatorError               whoever runs Kefu must change a setting or a pack
    │   ├── SettingsInvalid         a setting cannot be used as it is
    │   ├── PackInvalid             a pack has problems, each with its file and line
    │   └── …                       what a part says of its own material: `WordingFailed`, `ExpressionFailed`
    ├── OutsideError                a system beside Kefu answered no, or not at all
    │   ├── OperationRefused        the back office declined for a business reason
    │   ├── OperationUnavailable    the back office did not carry out the call; nothing happened
    │   ├── OperationUnknown        the call was sent and its outcome is not known
    │   ├── DeliveryFailed          a channel did not take a message
    │   └── EmbeddingUnavailable    the sentence-embedding model gave no usable answer
    └── StorageError                the database cannot be used right now

HTTP statuses are chosen in one place, `kefu.api.problems`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


class KefuError(Exception):
    """The root. `code` is stable and may be shown to callers; `detail` is one sentence for a person."""

    code: ClassVar[str] = "internal"
    retryable: ClassVar[bool] = False

    def __init__(self, detail: str, *, field: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field


class CallerError(KefuError):
    code = "bad_request"


class BadRequest(CallerError):
    code = "bad_request"


class Unauthenticated(CallerError):
    code = "unauthenticated"


class Forbidden(CallerError):
    code = "forbidden"


class NotFound(CallerError):
    code = "not_found"


class Conflict(CallerError):
    code = "conflict"


class VersionConflict(Conflict):
    code = "version_conflict"
    retryable = True


class TooLarge(CallerError):
    code = "too_large"


class RateLimited(CallerError):
    code = "rate_limited"
    retryable = True

    def __init__(self, detail: str, *, retry_after: float) -> None:
        """`retry_after` is in seconds."""
        super().__init__(detail)
        self.retry_after = retry_after


class OperatorError(KefuError):
    code = "misconfigured"


class SettingsInvalid(OperatorError):
    code = "settings_invalid"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault in a pack: where it is and what to do. `line` counts from 1; 0 means the whole file."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class PackInvalid(OperatorError):
    code = "pack_invalid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class OutsideError(KefuError):
    code = "outside"


class OperationRefused(OutsideError):
    """The back office understood the call and said no; `reason` is its own error code."""

    code = "operation_refused"

    def __init__(self, reason: str, detail: str, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(detail)
        self.reason = reason
        self.details: dict[str, Any] = dict(details or {})  # JSON, as the back office sent it


class OperationUnavailable(OutsideError):
    code = "operation_unavailable"
    retryable = True


class OperationUnknown(OutsideError):
    code = "operation_unknown"
    retryable = True


class DeliveryFailed(OutsideError):
    code = "delivery_failed"
    retryable = True


class StorageError(KefuError):
    code = "storage_unavailable"
    retryable = True
