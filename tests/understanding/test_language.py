"""The language of a message, as a BCP 47 tag."""

import pytest

from kefu.understanding.language import detect, tag_of


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("我的快递到哪了", "zh-Hans"),
        ("請問退款什麼時候到帳", "zh-Hant"),
        ("訂單到邊度喇，幾時送到", "yue"),
        ("唔该帮我揾个真人", "yue"),
        ("Where is my order?", "en"),
        ("帮我cancel这个order", "zh-Hans"),
        ("返品したいです", "ja"),
        ("환불해 주세요", "ko"),
        ("พัสดุของฉันอยู่ที่ไหน", "th"),
        ("Πού είναι το δέμα μου;", "el"),
        ("मेरा ऑर्डर कहाँ है", "hi"),
    ],
)
def test_the_script_tells_the_language(message: str, language: str) -> None:
    assert detect(message) == language


@pytest.mark.parametrize("message", ["ok", "YL20261108000123", "123", "👌", ""])
def test_a_message_that_says_too_little_keeps_the_language(message: str) -> None:
    assert detect(message, "zh-Hant") == "zh-Hant"


def test_characters_of_both_scripts_do_not_turn_a_traditional_conversation_over() -> None:
    assert detect("好的", "zh-Hant") == "zh-Hant"


def test_a_simplified_message_does() -> None:
    assert detect("这个订单", "zh-Hant") == "zh-Hans"


def test_a_lone_surrogate_is_no_letter() -> None:
    assert detect("\ud800", None) == "zh-Hans"


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("¿Dónde está mi pedido?", "es"),
        ("Où est mon colis ?", "fr"),
        ("Wo ist mein Paket?", "de"),
        ("Quero cancelar o meu pedido, por favor", "pt"),
        ("Đơn hàng của tôi đâu rồi", "vi"),
        ("Tolong batalkan pesanan saya", "id"),
        ("Dov'è il mio pacco?", "it"),
        ("Waar blijft mijn bestelling?", "nl"),
        ("Gdzie jest moja paczka?", "pl"),
        ("Где моя посылка?", "ru"),
        ("Де моя посилка? Її ще немає", "uk"),
        ("أين طلبي؟", "ar"),
        ("سفارش من کجاست؟ می‌خواهم پیگیری کنم", "fa"),
    ],
)
def test_words_tell_languages_of_one_script_apart(message: str, language: str) -> None:
    assert detect(message) == language


@pytest.mark.parametrize(
    ("message", "language"), [("我想退货得唔得", "yue"), ("返品希望", "ja"), ("我的快递呢", "zh-Hans")]
)
def test_what_is_written_in_chinese_characters_alone_is_told_apart(message: str, language: str) -> None:
    assert detect(message) == language


def test_addresses_and_numbers_are_in_no_language() -> None:
    assert detect("帮我查 https://shop.example/order/list 和 amy@shop.example") == "zh-Hans"


def test_a_face_is_in_no_language() -> None:
    assert detect("谢谢(っ´▽`)っ") == "zh-Hans"


def test_a_brand_does_not_turn_a_chinese_conversation_over() -> None:
    assert detect("Nike", "zh-Hans") == "zh-Hans"


@pytest.mark.parametrize(
    ("locale", "tag"),
    [("zh_TW", "zh-Hant"), ("zh-CN", "zh-Hans"), ("pt-BR", "pt"), ("en_US", "en"), ("", None), (None, None)],
)
def test_a_locale_gives_the_tag_of_its_language(locale: str | None, tag: str | None) -> None:
    assert tag_of(locale) == tag
