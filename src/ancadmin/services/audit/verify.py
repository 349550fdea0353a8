"""Is the trail whole? Both chains link by link, each against the other, and every batch against its event."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, select

from ancadmin.db import chain
from ancadmin.db.access import access_reader
from ancadmin.db.batches import batch_digest
from ancadmin.db.chain import GENESIS, Flaw
from ancadmin.db.schema import access_event, audit_event
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.store import Store
from ancadmin.errors import InputRefused
from ancadmin.services.session import Session

_SHORTEST_HEAD = 12


@dataclass
class Verified:
    """How many links each chain has, the head of each, and everything that does not fit."""

    events: int = 0
    accesses: int = 0
    head: str = GENESIS
    access_head: str = GENESIS
    flaws: list[Flaw] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON shows it; a flaw is `chain, event, what`."""
        return {
            "events": self.events,
            "accesses": self.accesses,
            "head": self.head,
            "access_head": self.access_head,
            "flaws": [{"chain": flaw.chain, "event": flaw.seq, "what": flaw.what} for flaw in self.flaws],
        }


@dataclass(frozen=True)
class _Anchor:
    """Event `seq` of one chain says that the other's event `other` had this hash."""

    seq: int
    other: int
    head: str


def verify(session: Session, *, heads: Iterable[str] = ()) -> Verified:
    """Checks the whole trail; `heads` are hashes printed earlier (12 digits or more of each) that must still be
    there. A trail cut at its end, or rebuilt from its start, shows only against the other chain or such a head.
    """
    wanted = [_hash(head) for head in heads]
    with session.reading("audit verify", heads=wanted) as connection:
        return flaws_of(session.store, connection, wanted)


def flaws_of(store: Store, connection: Connection, wanted: Sequence[str] = ()) -> Verified:
    """The same for a reading that is on record already; `wanted` are beginnings of hashes."""
    found = Verified()
    links, named = _write_chain(connection, found)
    found.flaws += _undo_flaws(connection)
    with access_reader(store, connection) as beside:
        accesses, naming = _access_chain(beside, found)
    # What was read after the write chain may name heads written meanwhile: people at work are no flaw.
    with store.connect() as now:
        later = select(audit_event.c.seq, audit_event.c.hash).where(audit_event.c.seq > max(links, default=0))
        links.update({row.seq: row.hash for row in now.execute(later)})
    found.flaws += _cross_flaws("access", naming, "write", links)
    found.flaws += _cross_flaws("write", named, "access", accesses)
    for head in wanted:
        if not any(known.startswith(head) for known in (*links.values(), *accesses.values(), GENESIS)):
            found.flaws.append(Flaw("write", None, f"no event has the hash {head}: the trail was cut or rebuilt"))
    return found


def _hash(text: str) -> str:
    head = text.strip().lower()
    if len(head) < _SHORTEST_HEAD or len(head) > len(GENESIS) or head.strip("0123456789abcdef"):
        raise InputRefused(
            "not the head of a trail",
            f"Copy at least {_SHORTEST_HEAD} of its digits from the paper, as `ancadmin audit head` shows them.",
            value=text,
        )
    return head


def _write_chain(connection: Connection, found: Verified) -> tuple[dict[int, str], list[_Anchor]]:
    """Hashes by event, and what the events say of the access chain; flaws go to `found`."""
    found.flaws += _named(chain.flaws(connection, audit_event), "write")
    links: dict[int, str] = {}
    anchors: list[_Anchor] = []
    evented: set[int] = set()
    batches = _digests(connection)
    for seq, link_hash, detail in _links(connection, audit_event):
        links[seq] = link_hash
        number = detail.get("batch")
        if not isinstance(number, int):
            found.flaws.append(Flaw("write", seq, f"event {seq} names no batch"))
        elif number not in batches:
            found.flaws.append(Flaw("write", seq, f"batch {number} of event {seq} is missing"))
        elif number in evented:
            found.flaws.append(Flaw("write", seq, f"event {seq} is a second one for batch {number}"))
        elif batches[number] != detail.get("digest"):
            found.flaws.append(Flaw("write", seq, f"batch {number} was changed after event {seq} was written"))
        if isinstance(number, int):
            evented.add(number)
        anchors += _anchor(seq, detail, "access")
    for number in sorted(set(batches) - evented):
        found.flaws.append(Flaw("write", None, f"batch {number} has no event: the event was removed"))
    found.events, found.head = len(links), links[max(links)] if links else GENESIS
    return links, anchors


def _access_chain(connection: Connection, found: Verified) -> tuple[dict[int, str], list[_Anchor]]:
    found.flaws += _named(chain.flaws(connection, access_event), "access")
    links: dict[int, str] = {}
    anchors: list[_Anchor] = []
    for seq, link_hash, detail in _links(connection, access_event):
        links[seq] = link_hash
        anchors += _anchor(seq, detail, "write")
    found.accesses, found.access_head = len(links), links[max(links)] if links else GENESIS
    return links, anchors


def _links(connection: Connection, table: Table) -> Iterator[tuple[int, str, dict[str, Any]]]:
    columns = select(table.c.seq, table.c.hash, table.c.detail).order_by(table.c.seq)
    for row in connection.execute(columns.execution_options(yield_per=5000)):
        yield row.seq, str(row.hash), _detail(row.detail)


def _detail(text: Any) -> dict[str, Any]:
    """What an edited link says is whatever the forger left there; the chain itself names the edit."""
    try:
        detail = json.loads(text)
    except (TypeError, ValueError):
        return {}
    return detail if isinstance(detail, dict) else {}


def _anchor(seq: int, detail: dict[str, Any], other: str) -> list[_Anchor]:
    number, head = detail.get(f"{other}_seq"), detail.get(f"{other}_head")
    return [_Anchor(seq, number, head)] if isinstance(number, int) and isinstance(head, str) else []


def _cross_flaws(name: str, anchors: list[_Anchor], other: str, links: dict[int, str]) -> Iterator[Flaw]:
    """One flaw for each event of the other chain that is not what it was, however many links name it."""
    told: set[int] = set()
    for anchor in anchors:
        there = links.get(anchor.other, GENESIS if anchor.other == 0 else None)
        if there == anchor.head or anchor.other in told:
            continue
        told.add(anchor.other)
        if there is None:
            what = f"event {anchor.other} is missing, which event {anchor.seq} of the {name} chain names"
        else:
            what = f"event {anchor.other} is not the one that event {anchor.seq} of the {name} chain names"
        yield Flaw(other, anchor.other, f"{what}: the {other} chain was cut or rebuilt")


def _digests(connection: Connection) -> dict[int, str]:
    rows = connection.execute(select(batch_table).execution_options(yield_per=5000)).mappings()
    return {row["number"]: batch_digest(dict(row)) for row in rows}


def _undo_flaws(connection: Connection) -> list[Flaw]:
    """`undone_by` may change after its event, so it is held against the batch that did the undoing: the last one, if
    a batch was undone again for what was kept at first.
    """
    rows = connection.execute(
        select(batch_table.c.number, batch_table.c.undoes, batch_table.c.undone_by).where(
            batch_table.c.undoes.is_not(None) | batch_table.c.undone_by.is_not(None)
        )
    ).all()
    undone = {row.number: row.undone_by for row in rows if row.undone_by is not None}
    last: dict[int, int] = {}
    for row in rows:
        if row.undoes is not None:
            last[row.undoes] = max(row.number, last.get(row.undoes, 0))
    disagreeing = [(last.get(one), undone.get(one)) for one in last.keys() | undone.keys()]
    wrong = {number for pair in disagreeing if pair[0] != pair[1] for number in pair if number is not None}
    return [
        Flaw("write", None, f"batch {number} and the batch it is said to undo do not agree")
        for number in sorted(wrong, key=str)
    ]


def _named(flaws: Iterable[Flaw], name: str) -> list[Flaw]:
    return [Flaw(name, flaw.seq, flaw.what) for flaw in flaws]
