"""The whole embedded application, called in process over ASGI."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest_asyncio

from kefu.adapters.storage import DEFAULT_WORKSPACE
from kefu.api.app import create_app
from kefu.api.application import Application
from kefu.settings import Settings
from kefu.wiring import build


@pytest_asyncio.fixture
async def application(tmp_path: Path, models_dir: Path) -> AsyncIterator[Application]:
    async with build(Settings.for_tests(tmp_path, models_dir=models_dir)) as application:
        yield application


@pytest_asyncio.fixture
async def client(application: Application) -> AsyncIterator[httpx.AsyncClient]:
    """Calls with the demo key: may chat for any customer, read, and act as an agent."""
    assert application.demo is not None
    headers = {"Authorization": f"Bearer {application.demo.api_key}"}
    transport = httpx.ASGITransport(create_app(application))
    async with httpx.AsyncClient(transport=transport, base_url="http://kefu", headers=headers) as client:
        yield client


@pytest_asyncio.fixture
async def stranger(application: Application) -> AsyncIterator[httpx.AsyncClient]:
    """Calls with a widget's public key."""
    key = await application.storage.open(DEFAULT_WORKSPACE).create_key(frozenset({"widget"}), "a page")
    headers = {"Authorization": f"Bearer {key.secret}"}
    transport = httpx.ASGITransport(create_app(application))
    async with httpx.AsyncClient(transport=transport, base_url="http://kefu", headers=headers) as client:
        yield client
