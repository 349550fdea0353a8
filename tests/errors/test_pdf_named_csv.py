"""A PDF somebody gave the name of a CSV file."""

from tests.errors.refusal import refused


def test_a_pdf_named_csv(office):
    path = office.folder / "lede.csv"
    path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n%%EOF\n")
    refused(office, path, "", "this is a PDF document, not a text file", "as a spreadsheet or CSV file")
