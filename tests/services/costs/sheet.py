"""Cost sheets typed in, and people of other roles at the same store."""

from dataclasses import replace

from ancadmin.domain.roles import Role
from ancadmin.services.session import Session, open_session
from ancadmin.settings import load_settings

PLACES = """province,region_code,region,branch_code,branch,ward
GP,GP01,Greater Johannesburg,GP0101,Braamfontein,79800060
GP,GP02,Ekurhuleni,GP0201,Tembisa,79700012
LIM,LP01,Vhembe,LP0101,Thohoyandou,93404020
"""
HEADINGS = {
    "subject": "Card printer, Braamfontein office",
    "address": "12 Smit Street, Braamfontein, 2001",
    "concern": "Cards come out with a white line across the photograph",
    "cause": "The print head is scratched by dust from recycled card stock",
    "correction": "Fit a new print head and clean the rollers",
}
HEAD = "--option repair --kind part --part-number ZP-300 --description Head --quantity 1 --handling 12.5 --unit R4250"
FITTING = "--option repair --kind labour --description Fitting --hours 2.5 --rate 380"
PRINTER = "--option replace --kind part --part-number ZC-350 --description Printer --quantity 1 --unit R28999,00"
BUREAU = "--option contract_out --kind other --description Cards --invoice R9100 --discount R455 --allowance R8600"


def places(office):
    """Provinces, regions and branches on record."""
    office("db", "places", "import", office.write("places.csv", PLACES))


def opened(office, **headings):
    """A sheet with its headings filled in; its number."""
    texts = {**HEADINGS, **headings}
    words = [word for field, text in texts.items() for word in (f"--{field.replace('_', '-')}", text)]
    return office("costs", "new", "--region", "GP01", *words, "--json").json["sheet"]


def filled(office, *lines, **headings):
    """A sheet with `lines` in it (repair, replace and contract out unless others are given); its number."""
    number = opened(office, **headings)
    for line in lines or (HEAD, FITTING, PRINTER, BUREAU):
        office("costs", "line", number, *line.split())
    return number


def shown(office, number):
    """The sheet as JSON."""
    return office("costs", "show", number, "--json").json


def as_someone(office, account: str, *roles: tuple[Role, str]) -> Session:
    """A session of another person, who is no sole operator."""
    return replace(open_session(load_settings(office.db)), account=account, roles=roles, sole_operator=False)
