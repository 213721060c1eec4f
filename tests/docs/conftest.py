"""The whole application, built as the server builds it, and a client with its demo key."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest_asyncio

from kefu.api.app import create_app
from kefu.api.application import Application
from kefu.settings import Settings
from kefu.wiring import build


@pytest_asyncio.fixture
async def application(tmp_path: Path, models_dir: Path) -> AsyncIterator[Application]:
    async with build(Settings.for_tests(tmp_path / ".data", models_dir=models_dir)) as application:
        yield application


@pytest_asyncio.fixture
async def client(application: Application) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(application))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client
