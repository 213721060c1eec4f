"""A shop over the pack's records, called over HTTP in process."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import httpx
import pytest
import yaml
from starlette.applications import Starlette

from kefu.shop.app import create_shop
from kefu.shop.data import ShopData
from kefu.shop.faults import Faults, no_faults
from kefu.shop.rate_limits import RateLimits

from .support import PACK, PLENTY, TOKENS, Answers, Caller, Clock, OpenShop


@pytest.fixture(scope="session")
def data() -> ShopData:
    return ShopData.load(PACK / "shop")


@pytest.fixture(scope="session")
def answers() -> Answers:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return Answers(yaml.load((PACK / "backend-openapi.yaml").read_bytes(), Loader=loader))  # noqa: S506 - safe


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_shop(data: ShopData, answers: Answers, clock: Clock) -> OpenShop:
    """Opens shops unlike the usual one: other records, faults, limits, or a file to come back to."""

    @asynccontextmanager
    async def opened(
        *,
        data: ShopData = data,
        database: Path | None = None,
        faults: Faults = no_faults,
        limits: RateLimits = PLENTY,
        timer: Callable[[], float] | None = None,
    ) -> AsyncGenerator[Caller]:
        shop: Starlette = create_shop(
            data,
            database or ":memory:",
            clock=clock,
            tokens=TOKENS,
            limits=limits,
            faults=faults,
            admin=True,
            timer=timer or (lambda: 0.0),
        )
        async with shop.router.lifespan_context(shop):
            transport = httpx.ASGITransport(shop)
            async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as http:
                yield Caller(http, clock, answers)

    return cast("OpenShop", opened)


@pytest.fixture
async def shop(open_shop: OpenShop) -> AsyncGenerator[Caller]:
    async with open_shop() as caller:
        yield caller
