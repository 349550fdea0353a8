"""ID numbers in narratives, as people and banks write them, are masked in tables."""

import pytest

from ancadmin.cli.narratives import masked_narrative


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("870221 9492 082", "870221****082"),
        ("PMT 511112-2790-082 A JONAS", "PMT 511112****082 A JONAS"),
        ("511112.2790.082", "511112****082"),
        ("8 7 0 2 2 1 9 4 9 2 0 8 2", "870221****082"),
        ("O4O61883OOO8O", "O4O618****O8O"),
        ("82O2O99593O83", "82O2O9****O83"),
        ("ID4505124900089RENEWAL", "ID450512****089RENEWAL"),
        ("ADT CASH DEPO 75038729 7705121512088", "ADT CASH DEPO 75038729 770512****088"),
        ("ADT CASH DEPO317144689005111697082", "ADT CASH DEPO317144****082"),
        ("107213336087 zeros lost", "107213****87 zeros lost"),
        ("DEPO 02113002", "DEPO 02113002"),
        ("ill Oil lOl lOl lOl lOl", "ill Oil lOl lOl lOl lOl"),
        ("", ""),
    ],
)
def test_whatever_may_be_an_id_number_is_masked_and_nothing_else(written, shown):
    assert masked_narrative(written) == shown
