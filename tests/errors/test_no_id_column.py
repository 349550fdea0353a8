"""A register without ID numbers: nothing in it can be anybody's key."""

from tests.errors.refusal import refused


def test_a_register_with_no_id_column(office):
    path = office.write("lede.csv", "TAK SOWETO\n\nVan;Naam;Selfoon\nNkosi;Joseph;082 123 4567\n")
    refused(office, path, " row 3", "no column of ID numbers; the headings are: Van, Naam, Selfoon", "`ID Number`")


def test_a_workbook_with_no_id_column(office):
    from tests.readers.papers import write_workbook

    rows = [["Surname", "Name", "Branch"], ["Nkosi", "Joseph", "GP0101"]]
    path = write_workbook(office.folder / "lede.xlsx", Soweto=rows)
    refused(office, path, " Soweto row 1", "no column of ID numbers; the headings are: Surname, Name, Branch", "`ID")
