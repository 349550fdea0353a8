"""Headings in any wording, English and Afrikaans, are recognised by their words and by the cells below them."""

import pytest

from ancadmin.readers.headings import FIELDS, find_headings, recognise, wordings_of


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("ID NO.", "id_number"),
        ("Identity Number", "id_number"),
        ("Id_Nommer", "id_number"),
        ("IDNumber", "id_number"),
        ("ID Number (13 digits)", "id_number"),
        ("Member's ID Number", "id_number"),
        ("ID\nNumber", "id_number"),
        ("Identiy Number", "id_number"),
        ("IDENTITEITSNOMMER", "id_number"),
        ("VAN", "surname"),
        ("Surname / Van", "surname"),
        ("SURNAME:", "surname"),
        ("Voorname", "first_names"),
        ("First Name(s)", "first_names"),
        ("Naam en van", "full_name"),
        ("Surname & Initials", "full_name"),
        ("Tak kode", "branch"),
        ("Taknaam", "branch_name"),
        ("Streek", "region"),
        ("Provinsie", "province"),
        ("Wyk Nr.", "ward"),
        ("VD Number", "voting_district"),
        ("Stemdistrik", "voting_district"),
        ("Selfoon", "cell"),
        ("CELL NO", "cell"),
        ("Contact numbers", "cell"),
        ("E-posadres", "email"),
        ("Geslag", "gender"),
        ("Datum aangesluit", "joined_on"),
        ("Date Joined ANC", "joined_on"),
        ("Datum van laaste betaling", "last_payment_on"),
        ("Date Last Paid", "last_payment_on"),
        ("Bedrag", "last_payment_cents"),
        ("Amount (R)", "last_payment_cents"),
        ("Ou verwysingsnommer", "old_reference"),
        ("Lidmaatskapstatus", "status"),
        ("Status date", "status_on"),
    ],
)
def test_wordings(heading, field):
    found = wordings_of(heading)
    assert max(found, key=found.__getitem__) == field


@pytest.mark.parametrize(
    "heading", ["Date of Birth", "Amount Due", "Expiry Date", "Branch Secretary", "Captured By", "Geboortedatum"]
)
def test_wordings_that_only_look_like_a_field(heading):
    assert recognise([heading], [(2, ["12/08/2019"])]).fields == {}


@pytest.mark.parametrize("heading", ["No", "Nr.", "#", "Title", "Race", "Address", "", "Remarks", "Occupation"])
def test_headings_of_no_field(heading):
    assert recognise([heading], [(2, ["Skilpadstraat 12"])]).fields == {}


def rows(*cells):
    return [(number, list(row)) for number, row in enumerate(cells, start=2)]


def test_the_cells_decide_what_a_payment_column_holds():
    columns = ["ID", "Laaste betaling", "Betaling"]
    below = rows(["8001015009087", "12/08/2019", "R20.00"], ["8801235111088", "N/A", "R12.00"])
    assert recognise(columns, below).fields == {"id_number": 0, "last_payment_on": 1, "last_payment_cents": 2}
    swapped = [(row, [cells[0], cells[2], cells[1]]) for row, cells in below]
    assert recognise(columns, swapped).fields == {"id_number": 0, "last_payment_cents": 1, "last_payment_on": 2}


def test_a_branch_column_is_code_or_name_by_its_cells():
    assert recognise(["Tak"], rows(["GP0101"], ["79700012"])).fields == {"branch": 0}
    assert recognise(["Tak"], rows(["Soweto Oos"], ["Kwa-Thema"])).fields == {"branch_name": 0}
    both = recognise(["Branch", "Branch Code"], rows(["Soweto Oos", "GP0101"]))
    assert both.fields == {"branch": 1, "branch_name": 0}


def test_a_name_beside_a_surname_is_first_names_and_alone_the_whole_name():
    assert recognise(["Name", "Surname"], rows(["Piet", "Nkosi"])).fields == {"first_names": 0, "surname": 1}
    assert recognise(["Name"], rows(["Piet Nkosi"])).fields == {"full_name": 0}
    assert recognise(["Naam", "Van"], rows(["Piet Jan", "van Wyk"])).fields == {"first_names": 0, "surname": 1}


def test_a_membership_number_of_13_digits_is_the_id_number_unless_there_is_one():
    assert recognise(["Lidnommer"], rows(["8001015009087"])).fields == {"id_number": 0}
    assert recognise(["Lidnommer"], rows(["A1234"])).fields == {"old_reference": 0}
    found = recognise(["ID", "Lidnommer"], rows(["8001015009087", "A1234"]))
    assert found.fields == {"id_number": 0, "old_reference": 1}


def test_a_counting_column_called_id_yields_to_the_real_one():
    below = rows(["1", "8001015009087"], ["2", "8801235111088"])
    assert recognise(["ID", "Identity Document"], below).fields["id_number"] == 1


def test_id_numbers_are_found_under_words_nobody_thought_of():
    below = rows(["8001015009087", "Nkosi"], ["8801235111088", "Dube"])
    found = recognise(["Kode X", "Van"], below)
    assert found.fields == {"id_number": 0, "surname": 1}
    assert found.confidence["id_number"] < found.confidence["surname"] == 1


def test_cell_numbers_are_not_taken_for_id_numbers():
    assert "id_number" not in recognise(["Kode X"], rows(["0821234567"], ["0831234567"])).fields


def test_no_column_is_two_fields_and_confidence_lies_between_0_and_1():
    columns = ["ID No", "Van", "Name", "Branch", "Ward", "VD", "Cell", "Tel", "Email", "Sex", "Joined", "Last payment"]
    found = recognise(columns, [])
    assert len(set(found.fields.values())) == len(found.fields)
    assert set(found.fields) <= set(FIELDS)
    assert all(0 < sure <= 1 for sure in found.confidence.values())
    assert found.fields.keys() == found.confidence.keys()


@pytest.mark.parametrize("above", range(20))
def test_the_heading_row_is_found_anywhere_in_the_first_20_rows(above):
    titles = [["AFRICAN NATIONAL CONGRESS"], ["Branch:", "Soweto"], [], ["Date printed", "2019-08-12"]] * 5
    top = [
        (n, row) for n, row in enumerate([*titles[:above], ["No", "ID NO.", "VAN", "NAAM"], ["1", "80", "x", "y"]], 1)
    ]
    assert find_headings(top) == above


def test_a_heading_row_below_the_20th_is_not_looked_for():
    top = [(n, ["x"]) for n in range(1, 21)] + [(21, ["ID NO.", "VAN"])]
    assert find_headings(top) is None


def test_rows_of_data_are_not_headings():
    assert find_headings([(1, ["8001015009087", "Nkosi", "Piet"]), (2, ["8801235111088", "Dube", "Anna"])]) is None
