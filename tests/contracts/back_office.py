"""What every back office must do, whatever stands behind it.

A suite gives five fixtures: `cases` are calls whose outcome is known; `back_office` answers them so;
`unreachable` cannot be reached; `losing_answers` carries out its first write without telling; `executions`
counts how often a key took effect on whatever is behind these.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from kefu.conversation.values import Record
from kefu.errors import OperationRefused, OperationUnavailable, OperationUnknown
from kefu.operations.model import BackOffice, Call

KEY = "eff_0123456789abcdef"

Executions = Callable[[str], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Cases:
    """Calls whose outcome is known. `write` and `refused_write` carry `KEY`."""

    read: Call
    read_shows: Record
    refused_read: Call
    refused_read_code: str
    write: Call
    write_shows: Record
    refused_write: Call
    refused_write_code: str


class BackOfficeContract:
    @pytest.fixture
    def cases(self) -> Cases:
        raise NotImplementedError

    async def test_it_says_what_can_be_called_and_what_that_takes(
        self, back_office: BackOffice, cases: Cases
    ) -> None:
        read = back_office.operations[cases.read.operation]
        write = back_office.operations[cases.write.operation]
        assert (read.kind, write.kind) == ("read", "write")
        assert cases.read.arguments.keys() <= read.arguments.keys()
        assert cases.write.arguments.keys() <= write.arguments.keys()
        assert cases.refused_write_code in write.refusals

    async def test_an_operation_goes_by_its_own_name(self, back_office: BackOffice) -> None:
        assert all(operation.name == name for name, operation in back_office.operations.items())

    async def test_a_read_returns_json(self, back_office: BackOffice, cases: Cases) -> None:
        assert _shows(await back_office.run(cases.read), cases.read_shows)

    async def test_a_read_can_be_repeated(self, back_office: BackOffice, cases: Cases) -> None:
        assert await back_office.run(cases.read) == await back_office.run(cases.read)

    async def test_a_refusal_carries_the_back_offices_own_code_and_words(
        self, back_office: BackOffice, cases: Cases
    ) -> None:
        with pytest.raises(OperationRefused) as refused:
            await back_office.run(cases.refused_read)
        assert refused.value.reason == cases.refused_read_code
        assert refused.value.detail

    async def test_a_refused_write_has_no_effect(
        self, back_office: BackOffice, cases: Cases, executions: Executions
    ) -> None:
        with pytest.raises(OperationRefused) as refused:
            await back_office.run(cases.refused_write)
        assert refused.value.reason == cases.refused_write_code
        assert await executions(KEY) == 0

    async def test_a_write_takes_effect(
        self, back_office: BackOffice, cases: Cases, executions: Executions
    ) -> None:
        assert _shows(await back_office.run(cases.write), cases.write_shows)
        assert await executions(KEY) == 1

    async def test_a_repeated_key_takes_effect_once_and_hears_the_first_result(
        self, back_office: BackOffice, cases: Cases, executions: Executions
    ) -> None:
        first = await back_office.run(cases.write)
        assert await back_office.run(cases.write) == first
        assert await executions(KEY) == 1

    async def test_a_key_is_good_for_one_call_only(
        self, back_office: BackOffice, cases: Cases, executions: Executions
    ) -> None:
        await back_office.run(cases.write)
        with pytest.raises(OperationRefused, match=r"\S"):
            await back_office.run(replace(cases.refused_write, idempotency_key=KEY))
        assert await executions(KEY) == 1

    async def test_a_read_that_reaches_nobody_is_unavailable(
        self, unreachable: BackOffice, cases: Cases
    ) -> None:
        with pytest.raises(OperationUnavailable):
            await unreachable.run(cases.read)

    async def test_a_write_that_reaches_nobody_certainly_did_not_happen(
        self, unreachable: BackOffice, cases: Cases, executions: Executions
    ) -> None:
        with pytest.raises(OperationUnavailable):
            await unreachable.run(cases.write)
        assert await executions(KEY) == 0

    async def test_a_write_whose_answers_are_lost_is_unknown_until_the_same_key_asks_again(
        self, losing_answers: BackOffice, cases: Cases, executions: Executions
    ) -> None:
        with pytest.raises(OperationUnknown):
            await losing_answers.run(cases.write)
        assert _shows(await losing_answers.run(cases.write), cases.write_shows)
        assert await executions(KEY) == 1


def _shows(result: object, expected: Record) -> bool:
    return isinstance(result, dict) and expected.items() <= result.items()
