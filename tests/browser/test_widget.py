"""A newcomer's ten minutes in a real browser, and what may go wrong in them."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.conftest import shot
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

PAID_ORDER_STATUS = "paid"


def _open(page: Page, server: Server) -> None:
    page.goto(server.url)
    _open_panel(page)
    expect(page.get_by_role("textbox", name="消息")).to_be_visible()


def _open_panel(page: Page) -> None:
    """On a wide screen the demo opens it by itself."""
    expect(page.locator(".launcher")).to_be_attached()
    if page.locator(".widget.open").count() == 0:
        page.locator(".launcher").click()


def _say(page: Page, text: str) -> None:
    """Sends a message and waits until the bot has answered it."""
    answered = page.locator(".message.from-bot:not(.draft)").count()
    page.get_by_role("textbox", name="消息").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(".message.from-customer", has_text=text).last).to_be_visible()
    expect(page.locator(".message.from-bot:not(.draft)")).to_have_count(answered + 1, timeout=10_000)


def _last_reply(page: Page) -> Locator:
    return page.locator(".message.from-bot:not(.draft)").last


def _order(page: Page, status: str) -> str:
    """One of the demo customer's own orders, as the page lists them for the newcomer."""
    orders = page.evaluate(
        """() => [...document.querySelectorAll('script[type="application/json"]')]
              .map(s => JSON.parse(s.textContent)).find(j => Array.isArray(j) && j[0]?.order_id)"""
    )
    return next(order["order_id"] for order in orders if order["status"] == status)


def test_an_opened_lipstick_gets_the_rule_with_its_source(page: Page, server: Server) -> None:
    _open(page, server)
    shot(page, "01-opened")
    _say(page, "口红拆开了不喜欢颜色能退吗")
    expect(_last_reply(page)).to_contain_text("拆封")
    shot(page, "02-cited-rule")
    _last_reply(page).get_by_role("button", name=re.compile("来源")).first.click()
    source = page.get_by_role("dialog", name=re.compile("口红|来源"))
    expect(source).to_be_visible()
    shot(page, "03-source")


def test_a_parcel_is_shown_as_a_card_with_its_latest_event(page: Page, server: Server) -> None:
    _open(page, server)
    _say(page, f"我的订单 {_order(page, 'shipped')} 到哪了")
    expect(_last_reply(page).locator(".card")).to_be_visible()
    shot(page, "04-parcel-card")


def test_cancelling_asks_for_a_yes_then_happens_once(page: Page, server: Server) -> None:
    _open(page, server)
    order_id = _order(page, PAID_ORDER_STATUS)
    _say(page, f"帮我取消订单 {order_id}")
    expect(_last_reply(page)).to_contain_text("确认")
    shot(page, "05-asks-for-a-yes")
    _say(page, "确认取消")
    expect(_last_reply(page)).to_contain_text("已取消")
    shot(page, "06-cancelled")
    _say(page, f"帮我取消订单 {order_id}")
    expect(_last_reply(page)).not_to_contain_text("确认取消吗")


def test_a_human_takes_over_on_request(page: Page, server: Server) -> None:
    _open(page, server)
    page.locator("button.human").click()
    expect(_last_reply(page)).to_contain_text("人工")
    shot(page, "07-handed-over")


def test_the_conversation_is_there_again_after_a_reload(page: Page, server: Server) -> None:
    _open(page, server)
    _say(page, "七天无理由从哪天开始算")
    page.reload()
    _open(page, server)
    expect(page.locator(".message.from-customer", has_text="七天无理由从哪天开始算")).to_be_visible()


def test_hostile_text_is_shown_as_text(page: Page, server: Server) -> None:
    _open(page, server)
    attack = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    _say(page, attack)
    expect(page.locator(".message.from-customer").last).to_contain_text("<img src=x")
    assert page.title() != "owned"


def test_escape_closes_the_panel_and_gives_the_focus_back(page: Page, server: Server) -> None:
    _open(page, server)
    page.get_by_role("textbox", name="消息").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".launcher")).to_be_focused()


def test_a_phone_shows_the_panel_on_its_whole_screen(phone: Page, server: Server) -> None:
    _open(phone, server)
    box = phone.get_by_role("dialog").bounding_box()
    assert box is not None
    assert box["width"] == 390
    _say(phone, "口红拆开了不喜欢颜色能退吗")
    shot(phone, "08-phone")


def test_an_english_browser_gets_english(page: Page, server: Server) -> None:
    page.goto(server.url + "/?lang=en")
    _open_panel(page)
    page.get_by_role("textbox", name="Message").fill("where is my order")
    page.keyboard.press("Enter")
    expect(_last_reply(page)).to_contain_text(re.compile("order|parcel", re.IGNORECASE))
    shot(page, "09-english")


def test_messages_written_offline_are_sent_after_the_connection_is_back(page: Page, server: Server) -> None:
    _open(page, server)
    _say(page, "你好")
    page.context.set_offline(True)
    server.kill()
    page.get_by_role("textbox", name="消息").fill("七天无理由从哪天开始算")
    page.keyboard.press("Enter")
    expect(page.locator(".message.from-customer", has_text="七天无理由")).to_be_visible()
    server.start()
    page.context.set_offline(False)
    expect(_last_reply(page)).to_contain_text("次日", timeout=30_000)
