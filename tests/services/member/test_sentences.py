"""What an officer reads out, for every rule and its variations: all of it stands in `explained.txt` beside this file.

After a change that is meant: `ANCADMIN_WRITE=1 pytest tests/services/member/test_sentences.py`, and read what changed.
"""

import os
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from tests.oracle import Decision, History, Payment
from tests.services.member.test_explain import id_of, numbered
from tests.services.standing.records import put_on_record, session_of

from ancadmin.domain.standing import Status
from ancadmin.services.member.merging.merge import merge_members
from ancadmin.services.member.telling.explain import explain

SAID = Path(__file__).with_name("explained.txt")
TODAY, RECORDED = date(2020, 12, 20), datetime(2020, 12, 1, 10, tzinfo=UTC)
PAST, FUTURE = date(2020, 6, 15), date(2021, 6, 15)


def paid(day, cents=2000, **more):
    """Of a register, with a last payment."""
    return History(joined_on=date(2015, 2, 1), last_payment_on=day, last_payment_cents=cents, **more)


def applied(*decisions, **more):
    return History(applied=True, decisions=[Decision("applied", date(2020, 2, 3)), *decisions], **more)


def decided(kind, on, until=None):
    return paid(date(2020, 2, 1), decisions=[Decision(kind, on, until)])


APRIL, MAY, NEXT_MARCH = date(2020, 4, 6), date(2020, 5, 4), date(2021, 3, 1)
ACCEPTED = Decision("accepted", date(2020, 3, 2))
PAID_UP = paid(date(2020, 8, 1))
NEW = applied(ACCEPTED, payments=[Payment(date(2020, 8, 10), 2000)])
OBJECTED = Decision("objection", date(2020, 11, 9))
LONG_AGO = applied(ACCEPTED, Decision("objection", MAY), payments=[Payment(date(2020, 3, 10), 2000)])
BEHIND = paid(date(2018, 5, 1), payments=[Payment(date(2020, 5, 20), 3000)])
SUSPENDED = paid(date(2019, 2, 1), decisions=[Decision("suspended", APRIL, NEXT_MARCH)])
LIFTED = decided("suspended", APRIL, date(2020, 10, 1))

CASES = (
    ("not listed yet: of an application", applied(), date(2020, 1, 15)),
    ("not listed yet: of a register", PAID_UP, date(2014, 1, 15)),
    ("deceased", decided("deceased", MAY), TODAY),
    ("expelled for good", decided("expelled", MAY), TODAY),
    ("expelled until a day, told of a day gone by", decided("expelled", MAY, NEXT_MARCH), PAST),
    ("suspended, with dues owed", SUSPENDED, TODAY),
    ("suspended: when it will be over", SUSPENDED, FUTURE),
    ("suspended for good", decided("suspended", MAY), TODAY),
    ("suspended, and lifted since: then", LIFTED, PAST),
    ("suspended, and lifted since: now", LIFTED, TODAY),
    ("resigned", decided("resigned", MAY), TODAY),
    ("resigned, told of a day gone by", decided("resigned", MAY), PAST),
    ("defected", decided("defected", MAY), TODAY),
    ("lapsed", decided("lapsed", MAY), TODAY),
    ("lapsed, told of a day to come", decided("lapsed", MAY), FUTURE),
    ("rejected", applied(Decision("refused", APRIL)), TODAY),
    ("applicant", applied(), TODAY),
    ("applicant, accepted since", applied(ACCEPTED), date(2020, 2, 20)),
    ("awaiting payment: nothing paid", applied(ACCEPTED), TODAY),
    ("awaiting payment: some of it paid", applied(ACCEPTED, payments=[Payment(MAY, 1200)]), TODAY),
    ("probation", NEW, TODAY),
    ("probation, an objection open within its months", replace(NEW, decisions=[*NEW.decisions, OBJECTED]), TODAY),
    ("probation, an objection open beyond its months", LONG_AGO, TODAY),
    ("probation over on a day to come", NEW, FUTURE),
    ("good standing by the register", PAID_UP, TODAY),
    ("good standing by a deposit", paid(date(2019, 2, 1), payments=[Payment(MAY, 2000)]), TODAY),
    ("good standing, paid ahead", paid(date(2020, 2, 1), payments=[Payment(MAY, 6000)]), TODAY),
    ("good standing on a day gone by", paid(date(2019, 8, 1)), PAST),
    ("good standing on a day to come", PAID_UP, FUTURE),
    ("grace", paid(date(2019, 11, 1)), TODAY),
    ("grace on a day gone by", paid(date(2019, 5, 1)), PAST),
    ("grace on a day to come", PAID_UP, date(2021, 9, 15)),
    ("not in good standing: dues are owed", BEHIND, TODAY),
    ("not in good standing on a day gone by", BEHIND, date(2020, 9, 15)),
    ("not in good standing on a day to come", PAID_UP, date(2022, 1, 15)),
    ("not in good standing: the payment was not captured", paid(date(2020, 2, 1), None), TODAY),
    ("not in good standing: the payment was less than the fee", paid(date(2020, 2, 1), 1200), TODAY),
    ("not in good standing: before the payment in the register", PAID_UP, PAST),
)


def test_every_sentence(office):
    """Three sentences for each case; then as it was known on an earlier day, and asked under a merged number."""
    session = replace(session_of(office.db), today=TODAY, clock=lambda: RECORDED)
    put_on_record(session, [one for _, one, _ in CASES])
    numbered(session, len(CASES))
    blocks, seen = [], set()
    for number, (title, _, day) in enumerate(CASES, 1):
        told = explain(session, id_of(number), on=day, full_ids=True)
        blocks.append((title, told.sentences))
        seen.add(told.status)
    assert seen == {None, *(status.value for status in Status)}
    grace, paid_in = (1 + titles().index(one) for one in ("grace", "good standing by a deposit"))
    told = explain(session, id_of(grace), on=None, known=date(2020, 12, 10), full_ids=True)
    blocks.append(("as known on an earlier day", told.sentences))
    merge_members(session, id_of(grace), id_of(paid_in), why="both ID documents seen")
    told = explain(session, id_of(paid_in), on=None, full_ids=True)
    assert (told.facts["id_number"], told.facts["merged_numbers"]) == (id_of(grace), [id_of(paid_in)])
    blocks.append(("the same, asked under the number of a record merged into this one since", told.sentences))
    text = "\n".join(f"{title}\n" + "".join(f"    {line}\n" for line in lines) for title, lines in blocks)
    if os.environ.get("ANCADMIN_WRITE"):
        SAID.write_text(text, encoding="utf-8")
    assert text == SAID.read_text(encoding="utf-8")


def titles():
    return [title for title, _, _ in CASES]
