"""Reading a message through the pack's glossary: foreign and dialect words as the shop's own."""

from kefu.understanding.lexicon import Gazetteer, Lexicon


class Glossary:
    """`lexicon` maps the shop's word to the words that stand for it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = Gazetteer(lexicon.pairs())

    def read(self, text: str) -> str:
        """A cleaned text with every listed word replaced; its offsets no longer fit the message."""
        pieces: list[str] = []
        end = 0
        for start, stop, word in self._words.find(text):
            pieces += (text[end:start], word)
            end = stop
        return "".join((*pieces, text[end:]))
