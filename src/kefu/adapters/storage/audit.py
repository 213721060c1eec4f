"""The audit log: who did what to which thing. Rows are only ever added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from kefu.adapters.storage.schema import audit_log
from kefu.adapters.storage.scope import HERE, Scope
from kefu.conversation.values import Record


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """`actor` is an agent or a key, `action` a dotted name such as `keys.revoke`, `subject` an id."""

    at: datetime
    actor: str
    action: str
    subject: str
    details: Record


_LATEST = (
    sa.select(audit_log)
    .where(audit_log.c.workspace_id == HERE)
    .order_by(audit_log.c.entry_id.desc())
    .limit(sa.bindparam("at_most", type_=sa.Integer))
)


def write(scope: Scope, entry: AuditEntry) -> None:
    scope.insert(
        audit_log,
        {
            "at": entry.at,
            "actor": entry.actor,
            "action": entry.action,
            "subject": entry.subject,
            "details": entry.details,
        },
    )


def latest(scope: Scope, at_most: int) -> Sequence[AuditEntry]:
    return [
        AuditEntry(row.at, row.actor, row.action, row.subject, row.details)
        for row in scope.query(_LATEST, at_most=at_most)
    ]
