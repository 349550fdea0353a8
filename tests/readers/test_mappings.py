"""A mapping that was suggested for a file is of that file, whatever its headings are."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.readers.papers import MEMBERS, write_csv

from ancadmin.readers.cells import DateOrder
from ancadmin.readers.mappings import Profiles, parse_mapping
from ancadmin.readers.registers import read_register
from ancadmin.services.register.profiles.suggesting import suggest_profile

HEADINGS = st.one_of(
    st.sampled_from(["ID Number", "Surname", "Name", "Amount", "Joined", "Cell", "Remarks", "#", "", 'a "b" \\c']),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12),
)


@settings(max_examples=60, deadline=None)
@given(headings=st.lists(HEADINGS, min_size=1, max_size=6))
def test_a_suggestion_is_toml_and_reads_its_file_as_it_was_recognised(tmp_path_factory, headings):
    path = tmp_path_factory.getbasetemp() / "suggested.csv"
    write_csv(path, [["RSA ID", "Van", *headings], *([*one[:2], *["x"] * len(headings)] for one in MEMBERS)])
    (recognised,) = read_register(path).sheets
    profile = parse_mapping(suggest_profile(path), "suggested")
    for profiles in (Profiles(profile), Profiles(saved=(profile,))):
        (read,) = read_register(path, profiles).sheets
        assert read.profile == "suggested"
        assert read.fields == recognised.fields
        assert read.sheet.header_row == recognised.sheet.header_row


def test_an_order_of_dates_that_is_written_down_is_not_doubted(tmp_path):
    path = write_csv(
        tmp_path / "lede.csv",
        [["ID No", "Joined", "Last payment date"], ["8001015009087", "03/04/2015", "25/12/2015"]],
    )
    text = (
        '[[sheet]]\n[sheet.fields]\nid_number = "ID No"\njoined_on = "Joined"\nlast_payment_on = "Last payment date"\n'
    )
    orders = '[sheet.date_orders]\njoined_on = "month-day-year"\n'
    (sheet,) = read_register(path, Profiles(parse_mapping(text + orders, "x"))).sheets
    assert sheet.date_orders() == {"joined_on": DateOrder(month_first=1), "last_payment_on": DateOrder(day_first=1)}
