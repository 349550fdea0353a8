"""Which column of a statement is which, by its heading, in English or Afrikaans."""

from collections.abc import Sequence

from ancadmin.readers.headings import plain_words
from ancadmin.readers.tables import ROWS_LOOKED_AT, Headings
from ancadmin.readers.text import Record

# Of several columns that would do, the one whose wording stands first: the value date before the day of posting.
WORDINGS = {
    "date": "value date;waardedatum;effective date;effektiewe datum;date;datum;transaction date;transaksiedatum;"
    "trans date;tran date;posting date;posted;posted date;boekingsdatum;date posted;statement date",
    "amount": "amount;bedrag;transaction amount;transaksiebedrag;amount zar;bedrag zar;amount r;bedrag r;amount rand;"
    "bedrag rand;zar;rand;value;waarde;deposit amount",
    "cents": "cents;amount cents;sent;bedrag sent;amount in cents",
    "debit": "debit;debits;debit amount;debiet;debiete;debietbedrag;money out;geld uit;withdrawals;withdrawal;"
    "onttrekkings;onttrekking;paid out;uitbetaal;dr;dt",
    "credit": "credit;credits;credit amount;krediet;krediete;kredietbedrag;money in;geld in;deposits;deposit;"
    "deposito;deposito's;paid in;inbetaal;cr;kt",
    "description": "description;narrative;beskrywing;omskrywing;narratief;transaction description;"
    "transaksiebeskrywing;transaction details;transaksiebesonderhede;details;besonderhede;particulars;memo;"
    "transaction;transaksie;text;teks",
    "reference": "reference;verwysing;payment reference;betalingsverwysing;ref;verw;ref no;reference no;"
    "reference number;verwysingsnommer;statement reference;staatverwysing;your reference;u verwysing;"
    "beneficiary reference;begunstigde se verwysing;customer reference;klantverwysing",
    "balance": "balance;saldo;balans;running balance;lopende saldo;account balance;rekeningsaldo;closing balance",
    "fee": "service fee;diensfooi;service fees;diensgeld;bank charges;bankkoste",
    "account": "account;rekening;account no;rekening nr;account number;rekeningnommer;account name;rekeningnaam",
}
_KEYS = {role: ["".join(plain_words(word)) for word in words.split(";")] for role, words in WORDINGS.items()}


def statement_columns(headings: Sequence[str]) -> dict[str, int]:
    """Role → index of its column, for every role a heading is known for."""
    keys = ["".join(plain_words(heading)) for heading in headings]
    columns: dict[str, int] = {}
    for role, known in _KEYS.items():
        best = min((key for key in keys if key in known), key=known.index, default=None)
        if best is not None:
            columns[role] = keys.index(best)
    return columns


def is_statement(columns: dict[str, int]) -> bool:
    """Are there columns enough: a date, an amount, and something that says what for?"""
    return (
        "date" in columns
        and not columns.keys().isdisjoint({"amount", "cents", "debit", "credit"})
        and not columns.keys().isdisjoint({"description", "reference"})
    )


def find_statement_headings(top: Sequence[Record]) -> Headings | None:
    """The first of the first 20 rows that names the columns of a statement."""
    rows = enumerate(cells for _, cells in top[:ROWS_LOOKED_AT])
    return next(((index, cells) for index, cells in rows if is_statement(statement_columns(cells))), None)
