"""Tables of the connection's own that a matching run works with; gone at its end."""

from sqlalchemy import BigInteger, Boolean, Column, Connection, Float, Integer, MetaData, String, Table

from ancadmin.db.bulk import told

_OWN = MetaData()

# The number that holds where readings share digits, or how many there are.
READ = Table(
    "read_numbers",
    _OWN,
    Column("deposit", Integer, primary_key=True, autoincrement=False),
    Column("id_number", String, nullable=False),
    Column("numbers", Integer, nullable=False),
    prefixes=["TEMPORARY"],
)
# What the ladder says of each deposit whose answer is new.
FOUND = Table(
    "found",
    _OWN,
    Column("deposit", Integer, primary_key=True, autoincrement=False),
    Column("member", Integer),
    Column("value_date", String, nullable=False),
    Column("cents", BigInteger, nullable=False),
    Column("reason", String, nullable=False),
    Column("flags", String),
    prefixes=["TEMPORARY"],
)
# Deposits that rungs 1 to 5 leave over. `again`: they have an answer, which may be another by now.
LOOKED = Table(
    "looked",
    _OWN,
    Column("deposit", Integer, primary_key=True, autoincrement=False),
    Column("again", Boolean, nullable=False),
    prefixes=["TEMPORARY"],
)
# ID numbers to look up, in their order.
NUMBER = Table("wanted_number", _OWN, Column("id_number", String, nullable=False), prefixes=["TEMPORARY"])
# Who a deposit may be meant for: the rung, how much it weighs, and what led there in words (domain/suggestions.py).
# `led`: what of the narrative that was, where words and branches may be part of it; else "".
CANDIDATE = Table(
    "candidate",
    _OWN,
    Column("deposit", Integer, nullable=False),
    Column("rung", Integer, nullable=False),
    Column("member", Integer, nullable=False),
    Column("weight", Float, nullable=False),
    Column("words", String, nullable=False),
    Column("led", String, nullable=False),
    prefixes=["TEMPORARY"],
)
# The answer of rungs 6 to 8, where it is new.
ANSWER = Table(
    "answer",
    _OWN,
    Column("deposit", Integer, primary_key=True, autoincrement=False),
    Column("reason", String, nullable=False),
    prefixes=["TEMPORARY"],
)

LEGACY_REFERENCE, NEAR_MISS, PHONE, NAME = 6, 7, 8, 9
"""`rung` of CANDIDATE, in the order they are tried."""


def make_tables(connection: Connection) -> None:
    """Makes them, empty."""
    _OWN.create_all(connection, checkfirst=False)


def put_in_order(connection: Connection) -> None:
    """Lets the candidates be read in order without sorting all that is looked up for them."""
    connection.exec_driver_sql(
        f"CREATE INDEX {CANDIDATE.name}_in_order ON {CANDIDATE.name} (deposit, rung, weight, words, led)"
    )
    told(connection, CANDIDATE)


def drop_tables(connection: Connection) -> None:
    """Takes them away."""
    _OWN.drop_all(connection, checkfirst=False)
