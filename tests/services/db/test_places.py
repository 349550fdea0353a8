"""Places come in whole or not at all, twice is once, and what a later file says differently is a recorded change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ancadmin.domain.places import PROVINCES, province_code
from ancadmin.readers.places import read_places

HEAD = "province,region_code,region,branch_code,branch,ward\n"
PLACES = HEAD + "Gauteng,EKU,Ekurhuleni,79700012,Tembisa,79700012\nNC,DC9,Frances Baard,30901001,Galeshewe,\n"


def listed(office):
    return office("db", "places", "list", "--json").json


def test_a_row_a_branch_and_the_places_above_it(office):
    answer = office("db", "places", "import", office.write("places.csv", PLACES), "--json").json
    assert {name: answer[name] for name in ("read", "new", "updated", "unchanged")} == {
        "read": 2,
        "new": 2,
        "updated": 0,
        "unchanged": 0,
    }
    assert (answer["provinces_new"], answer["regions_new"]) == (2, 2)
    assert listed(office) == [
        {
            "province": province,
            "region_code": region,
            "region": name,
            "branch_code": code,
            "branch": branch,
            "ward": ward,
            "ward_year": None,
            "members": 0,
        }
        for province, region, name, code, branch, ward in [
            ("GP", "EKU", "Ekurhuleni", "79700012", "Tembisa", "79700012"),
            ("NC", "DC9", "Frances Baard", "30901001", "Galeshewe", None),
        ]
    ]


def test_twice_is_once(office):
    path = office.write("places.csv", PLACES)
    office("db", "places", "import", path)
    before = listed(office)
    answer = office("db", "places", "import", path, "--json").json
    assert (answer["new"], answer["updated"], answer["unchanged"]) == (0, 0, 2)
    assert listed(office) == before


def test_what_differs_is_updated_and_recorded_and_the_rest_stays(office):
    office("db", "places", "import", office.write("places.csv", PLACES))
    one = HEAD + "GP,EKU,Ekurhuleni,79700012,Tembisa West,79700013\n"
    answer = office("db", "places", "import", office.write("b.csv", one), "--json").json
    assert (answer["updated"], answer["regions_updated"]) == (1, 0)
    assert office("batch", "show", answer["batch"], "--json").json["changed_fields"] == {"branch": 2}
    assert [row["branch"] for row in listed(office)] == ["Tembisa West", "Galeshewe"]


def test_a_file_without_a_ward_column_says_nothing_of_wards(office):
    office("db", "places", "import", office.write("places.csv", PLACES))
    short = "branch;branch_code;region;region_code;province\nTembisa;79700012;Ekurhuleni;EKU;gauteng\n\n"
    answer = office("db", "places", "import", office.write("b.csv", short), "--json").json
    assert answer["unchanged"] == 1
    assert listed(office)[0]["ward"] == "79700012"


def test_a_dry_run_changes_nothing(office):
    assert office("db", "places", "import", office.write("places.csv", PLACES), "-n", "--json").json["new"] == 2
    assert listed(office) == []


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        ("Gautengg,EKU,Ekurhuleni,79700012,Tembisa,79700012", "province", "Gautengg"),
        ("GP,,Ekurhuleni,79700012,Tembisa,79700012", "region_code", ""),
        ("GP,EKU,,79700012,Tembisa,79700012", "region", ""),
        ("GP,EKU,Ekurhuleni,,Tembisa,79700012", "branch_code", ""),
        ("GP,EKU,Ekurhuleni,79700012,,79700012", "branch", ""),
        ("GP,EKU,Ekurhuleni,79700012,Tembisa,7970012", "ward", "7970012"),
        ("GP,EKU,Ekurhuleni,national,Tembisa,79700012", "branch_code", "national"),
        ("GP,GP,Ekurhuleni,79700012,Tembisa,79700012", "region_code", "GP"),
        ("GP,DC9,Frances Baard,79700012,Tembisa,79700012", "province", "GP"),
        ("NC,DC9,Frances,79700012,Tembisa,79700012", "region", "Frances"),
        ("NC,DC9,Frances Baard,30901001,Roodepan,", "branch_code", "30901001"),
        ("NC,30901001,Frances Baard,2,Roodepan,", "branch_code", "30901001"),
    ],
)
def test_one_problem_refuses_the_file_and_says_where(office, row, column, value):
    path = office.write("places.csv", HEAD + "NC,DC9,Frances Baard,30901001,Galeshewe,\n" + row + "\n")
    refused = office("db", "places", "import", path, code=3)
    place, remedy = refused.err.splitlines()
    assert place.startswith("ancadmin: error: places.csv row ")
    assert f"column {column}: " in place
    assert place.endswith(f"({value})") or not value
    assert remedy
    assert listed(office) == []
    assert len(office("batch", "list", "--json").json) == 1


@pytest.mark.parametrize("engine", ["sqlite"])
def test_every_problem_is_told_at_once(office):
    path = office.write("places.csv", HEAD + "X,EKU,Ekurhuleni,,Tembisa,1\nGP,EKU,Ekurhuleni,2,,\n")
    refused = office("db", "places", "import", path, code=3)
    assert refused.err.count("ancadmin: error: places.csv row") == 4


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_code_names_one_place_across_files_too(office):
    office("db", "places", "import", office.write("places.csv", PLACES))
    path = office.write("b.csv", HEAD + "GP,79700012,East Rand,5,Tsakane,\n")
    assert "row 2 column region_code: code taken (79700012)" in office("db", "places", "import", path, code=3).err


@pytest.mark.parametrize("engine", ["sqlite"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        (HEAD, "no row under the headings"),
        ("province,region\nGP,x\n", "no column `region_code`, `branch_code`, `branch`"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(office, text, said):
    assert said in office("db", "places", "import", office.write("places.csv", text), code=3).err


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_file_that_is_not_there_is_refused(office):
    assert "nowhere.csv" in office("db", "places", "import", office.folder / "nowhere.csv", code=3).err


@given(st.sampled_from(sorted(PROVINCES)), st.sampled_from([str.upper, str.lower, str.title]), st.booleans())
def test_a_province_is_known_by_code_and_by_name(code, written, by_name):
    text = PROVINCES[code] if by_name else code
    assert province_code(f" {written(text).replace('-', ' ')} ") == code


@given(st.permutations(HEAD.strip().split(",")))
def test_the_order_of_the_columns_is_free(tmp_path_factory, order):
    cells = dict(
        zip(HEAD.strip().split(","), ["GP", "EKU", "Ekurhuleni", "79700012", "Tembisa", "79700012"], strict=True)
    )
    path = tmp_path_factory.mktemp("order") / "places.csv"
    path.write_text(",".join(order) + "\n" + ",".join(cells[name] for name in order) + "\n", encoding="utf-8")
    (row,) = read_places(path).rows
    assert (row.province, row.region_code, row.branch_code, row.ward) == ("GP", "EKU", "79700012", "79700012")
