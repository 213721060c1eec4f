"""What the port promises of vectors, and what its model is not shown."""

import numpy as np
import pytest
from numpy.typing import NDArray

from kefu.adapters.fakes import HashedEmbedder
from kefu.safety.personal_data import mask
from kefu.understanding.embedding import Discreet, EmbeddingUnavailable, unit_rows
from kefu.understanding.features import LONGEST_INPUT


def test_rows_come_out_with_length_one_and_their_direction() -> None:
    assert unit_rows([[3.0, 4.0], [0.0, -2.0]], 2) == pytest.approx(np.array([[0.6, 0.8], [0, -1]]))


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (np.zeros((0, 3)), "shape"),
        (np.ones((3, 1)), "3, 1"),
        (np.ones(2), "shape"),
        (np.ones((2, 0)), "2, 0"),
        (np.array([[1.0], [0.0]]), "direction"),
        (np.array([[1.0], [np.nan]]), "direction"),
        (np.array([[1.0], [np.inf]]), "direction"),
        (np.array([[1.0, 1.0], [1e308, 1e308]]), "direction"),
    ],
)
def test_anything_but_a_direction_for_each_text_is_refused(rows: NDArray[np.float64], complaint: str) -> None:
    with pytest.raises(EmbeddingUnavailable, match=complaint):
        unit_rows(rows, 2)


def test_rows_of_unequal_length_are_refused() -> None:
    with pytest.raises(EmbeddingUnavailable, match="unequal"):
        unit_rows([[1.0], [1.0, 2.0]], 2)


async def test_no_personal_data_reaches_the_model() -> None:
    embedder = HashedEmbedder()

    await Discreet(embedder, mask).embed(["我的手机号是13812345678，帮我改地址"])

    [[shown]] = embedder.asked
    assert "13812345678" not in shown
    assert "帮我改地址" in shown


async def test_a_number_on_the_border_is_masked_before_the_text_is_cut() -> None:
    embedder = HashedEmbedder()

    await Discreet(embedder, mask).embed(["啊" * (LONGEST_INPUT - 5) + " 13812345678"])

    [[shown]] = embedder.asked
    assert len(shown) == LONGEST_INPUT
    assert "1381" not in shown


async def test_a_discreet_model_is_the_model_that_it_hides_things_from() -> None:
    discreet = Discreet(HashedEmbedder(8, model="m"), mask)

    assert discreet.model == "m"
    assert (await discreet.embed(["退货", "发票"])).shape == (2, 8)
