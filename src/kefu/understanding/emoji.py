"""Moods of emoji. They are read from the message as it was typed: cleaning takes them out."""

from collections.abc import Mapping

from kefu.understanding.reading import Sentiment

_BY_MOOD: Mapping[Sentiment, str] = {
    "angry": "😡🤬😠👿💢🖕😤💩🔪👎😾",
    "upset": "😭😢😞😔😟😩😫😰😥😓☹🙁😣😖💔😿😨😱🥺😪😒🙄😕🥲",
    "happy": "😊😄😁😃😀🥰😍❤👍🎉😘😋🤗💕💖🌹👏😆🤩💗💯✌🥳😻🌟💐♥",
}
MOODS: Mapping[str, Sentiment] = {sign: mood for mood, signs in _BY_MOOD.items() for sign in signs}
"""Signs whose mood hardly anybody disputes: 😂, 😅 and 🙂 are not among them."""
