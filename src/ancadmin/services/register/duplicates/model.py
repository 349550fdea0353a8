"""What is compared of two records, and what each answer is worth: the one table `register duplicates` judges by.

`of_one` is how often one person's two records answer so, `by_chance` how often two people's do. Where an agreement is
the rarer the rarer the value is, `by_chance` is the value's own share of the members: `Dlamini` proves little, and a
surname nobody else has proves much.
"""

from dataclasses import dataclass

from ancadmin.domain.duplicates import Says

# The columns of the table of people are made in `duplicates_people`.
_ONE_DIGIT = "damerau_levenshtein(l.twelve, r.twelve) = 1"
_ONE_PART = (
    "l.born[1:7] = r.born[1:7] OR l.born[6:10] = r.born[6:10] OR (l.year = r.year AND l.born[9:10] = r.born[9:10])"
)
_SWAPPED = "l.surname = r.first_name AND r.surname = l.first_name"
_SHORTENED = (
    "(starts_with(l.surname, r.surname) AND length(r.surname) > 3) "
    "OR (starts_with(r.surname, l.surname) AND length(l.surname) > 3)"
)
_INITIALS = "(l.only_initials OR r.only_initials)"


@dataclass(frozen=True)
class Level:
    """One answer about a field: the SQL condition on the records l and r, and how often it holds.

    `share_of`: the column whose shares tell how often values agree by chance.
    """

    says: Says
    words: str
    condition: str
    of_one: float
    by_chance: float
    share_of: str = ""


@dataclass(frozen=True)
class Field:
    """A field and its answers: the first whose condition holds. `known`: columns without which nothing is said."""

    name: str
    title: str
    levels: tuple[Level, ...]
    known: tuple[str, ...] = ()
    of_household: bool = False


_ELSE = "ELSE"


def _shared(name: str, title: str, of_one: float, *, household: bool) -> Field:
    """A field of which only equality says anything."""
    same = Level(Says.AGREE, f"the same {title}", f"l.{name} = r.{name}", of_one, 1e-6, share_of=name)
    other = Level(Says.DIFFER, f"another {title}", _ELSE, 1 - of_one, 0.999)
    return Field(name, title, (same, other), (name,), of_household=household)


NUMBER = Field(
    "number",
    "ID number and birth date",
    (
        Level(
            Says.NEARLY,
            "born on one day, the numbers one digit or two swapped digits apart",
            f"l.born = r.born AND {_ONE_DIGIT}",
            0.38,
            3e-7,
        ),
        Level(
            Says.NEARLY,
            "the numbers one digit or two swapped digits apart, in the birth date",
            _ONE_DIGIT,
            0.12,
            1.5e-7,
        ),
        Level(Says.AGREE, "born on one day, the rest of the numbers different", "l.born = r.born", 0.40, 4e-5),
        Level(
            Says.NEARLY,
            "birth dates differ in the day, the month or the year, the rest of the numbers is the same",
            f"l.rest = r.rest AND ({_ONE_PART})",
            0.03,
            6e-7,
        ),
        Level(
            Says.NEARLY,
            "birth dates a digit apart",
            "damerau_levenshtein(l.born, r.born) = 1 AND abs(l.year - r.year) < 15",
            0.05,
            2e-3,
        ),
        Level(Says.DIFFER, "other birth dates and other numbers", _ELSE, 0.003, 0.994),
    ),
)
DIGIT_OFF = (0, 1)
"""The answers about the number that make a pair one of a digit off."""

FIELDS = (
    NUMBER,
    Field(
        "surname",
        "surname",
        (
            Level(Says.AGREE, "the same surname", "l.surname = r.surname", 0.80, 0.01, share_of="surname"),
            Level(Says.NEARLY, "surname and first name in each other's place", _SWAPPED, 0.02, 1e-6),
            Level(
                Says.NEARLY,
                "surnames that may be one, spelt in two ways or shortened",
                "(damerau_levenshtein(l.surname, r.surname) = 1 AND least(length(l.surname), length(r.surname)) > 3) "
                f"OR jaro_winkler_similarity(l.surname, r.surname) >= 0.93 OR {_SHORTENED}",
                0.08,
                0.004,
            ),
            Level(
                Says.DIFFER,
                "another surname, as after a marriage",
                "l.gender = 'F' AND r.gender = 'F'",
                0.08,
                0.26,
            ),
            Level(Says.DIFFER, "another surname", _ELSE, 0.02, 0.72),
        ),
        ("surname",),
        of_household=True,
    ),
    Field(
        "first_names",
        "first names",
        (
            Level(Says.NEARLY, "surname and first name in each other's place", _SWAPPED, 0.02, 0.02),
            Level(
                Says.AGREE,
                "the same first names",
                "l.first_names = r.first_names AND NOT l.only_initials",
                0.55,
                0.001,
                share_of="first_names",
            ),
            Level(
                Says.NEARLY,
                "the same first name, the others different or missing",
                "l.first_name = r.first_name AND NOT l.only_initials",
                0.18,
                0.005,
                share_of="first_name",
            ),
            Level(
                Says.NEARLY,
                "initials of the same first names",
                f"{_INITIALS} AND length(l.initials) > 1 AND length(r.initials) > 1 "
                "AND l.initials[1:2] = r.initials[1:2]",
                0.07,
                0.0007,
            ),
            Level(
                Says.NEARLY,
                "the initial of the same first name",
                f"{_INITIALS} AND l.initials[1] = r.initials[1]",
                0.05,
                0.004,
            ),
            Level(
                Says.NEARLY,
                "first names that may be one, spelt in two ways",
                "jaro_winkler_similarity(l.first_name, r.first_name) >= 0.9",
                0.06,
                0.013,
            ),
            Level(
                Says.NEARLY,
                "one of several first names the same",
                f"NOT {_INITIALS} AND list_has_any(l.words, r.words)",
                0.03,
                0.02,
            ),
            Level(Says.DIFFER, "other first names", _ELSE, 0.02, 0.95),
        ),
        ("first_name",),
    ),
    _shared("branch", "branch", 0.8, household=True),
    _shared("cell", "cell number", 0.6, household=True),
    _shared("email", "e-mail address", 0.5, household=True),
    _shared("old_reference", "old reference number", 0.3, household=False),
)

NAMES = ("surname", "first_names", "first_name")
"""The columns whose shares are those of names in the whole country, of which a store may know a few people."""

BLOCKS = (
    ("born", "first_name"),
    ("born", "surname"),
    ("sequence", "surname"),
    ("sequence", "first_name"),
    ("branch", "born"),
    ("branch", "surname", "first_name"),
    ("cell",),
    ("email",),
    ("old_reference",),
)
"""Only pairs that agree in one of these are compared. A digit off leaves the birth date or the sequence as it is."""
