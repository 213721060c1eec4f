"""Text in Chinese characters: simplified or traditional Chinese, Cantonese, or Japanese without kana."""

import re

from kefu.understanding.scripts import simplified_letters, traditional_letters

# Characters, then words, that written Mandarin does not use. Where one of them stands inside a Mandarin word,
# that word is excluded: 喇叭, 啫喱, 伯仲, 旁边个.
_CANTONESE = re.compile(
    "[嘅咗啲嗰佢喺哋嚟啱攞揾搵睇瞓咁噉㗎畀唞嬲嘥冚揸餸嚿孭閪噃喎㖞撳揿]"
    "|唔(?!该字)|乜(?!斜)|俾(?!斯麦)|嘢|喇(?![叭嘛])|啫(?!喱)"
    "|[系係]咪|[系係]唔[系係]|即[系係]|真[系係]|定[系係]|[系係][边邊]"
    "|[边邊]度|(?<![这那旁左右一两上下里外前后东南西北這兩裡後東])[边邊][个個]|[喺去]邊|[到去咗][边邊](?=[喇呀啊嘞㗎吖?？]|$)"
    "|(?<![网網站节節重难難观觀])[点點]解(?![锁鎖决決析释釋除读讀])|点样(?!子)|點樣(?!子)|[点點]算(?=[呀啊好呢?？]|$)|做乜|几多|幾多|几耐|幾耐|幾時"
    "|听日|聽日|寻日|尋日|琴日|而家|依家"
    "|仲(?=[未有要系係得冇喺可没沒唔])(?!有名)|[返退换換攞食寄]番|番嚟|多[谢謝]晒|[卖賣]晒"
    "|有冇|冇(?=[人货貨啊呀喇咩])|做咩|咩(?=[事料野色嘢话話]|[时時]候|原因|情[况況])"
    "|(?:^|[\\s,.!?，。！？、])[呢哩](?=[件个個单單张張款双雙条條间間度次])"
    "|倾偈|傾偈|呃[我人](?=[嘅㗎呀啊嘞咩嘢钱錢]|$)|搞掂|返工|落咗"
)
# 冇 and 唔 are written for other dialects too; these words are theirs and never Cantonese.
_NOT_CANTONESE = re.compile("么子|么样|么人|么个|冇得|冇看到|𠊎|厓|涯个|样般|麻个|奈位")

# Words of shops that only Japanese has, and characters that neither standard of Chinese has.
_JAPANESE_WORDS = re.compile(
    "返品|返金|注文|荷物|送料|領収|未着|担当者|至急|再配|追跡番|状況|在庫|見積|割引|入荷|住所変|品切|問合|支払|交換希望|取消希望"
)
_JAPANESE_LETTERS = re.compile(
    "[込働畑払仏価駅気図円売続経験検営応対発戻届拝歳渋済帰広庁従徴徳悪圧囲増壊変実択挙拡掲揺摂撃権様歓歩残毎"
    "渉満焼犠獣県砕禅稲穂窃粋継総縁縦繊聴粛脳臓蔵薬覚観訳読謡譲豊賛軽辺遅鉄銭録関闘陥険隠雑霊頬頼顔顕駆騒髄髪]"
)


def chinese_or_japanese(text: str, before: str | None) -> str:
    """`zh-Hans`, `zh-Hant`, `yue` or `ja`, for a text with Chinese characters and no others that count.

    `before` is the conversation's language so far. It decides where the characters fit either script.
    """
    traditional, plain = traditional_letters(text) + text.count("妳"), simplified_letters(text)
    # Half of the characters that Japan simplified look as in China.
    if _JAPANESE_WORDS.search(text) or len(_JAPANESE_LETTERS.findall(text)) > plain:
        return "ja"
    if _CANTONESE.search(text) and not _NOT_CANTONESE.search(text):
        return "yue"
    if traditional and traditional >= plain:
        return "yue" if before == "yue" else "zh-Hant"
    if not plain and before in ("zh-Hant", "yue", "ja"):
        return before
    return "zh-Hans"
