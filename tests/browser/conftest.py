"""A real server and a real Chromium: Debian's, because Playwright's own cannot be had everywhere."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.support.server import Server

SCREENSHOTS = Path(__file__).parents[2] / "reports" / "screenshots"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("browser"), models_dir) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = (
        os.environ.get("KEFU_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    assert executable, (
        "no Chromium here: install Debian's package `chromium`, or name one in KEFU_TEST_CHROMIUM"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A desktop page in Chinese."""
    with browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN") as context:
        yield context.new_page()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    with browser.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", has_touch=True
    ) as context:
        yield context.new_page()


def shot(page: Page, name: str) -> None:
    """For people to look at, under reports/screenshots."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
