"""No address of a person is shown when a row of a firm's table is wrong."""

from __future__ import annotations

from mapping_engine.source.masking import mask_addresses


def test_an_address_is_hidden_and_the_rest_stays_in_its_place() -> None:
    row = "1101,Amelia.Hart@harbour.example,true"
    assert mask_addresses(row) == "1101," + "•" * 27 + ",true"
    assert mask_addresses("4-1000,200") == "4-1000,200"
    assert mask_addresses("a @ b") == "a @ b"
