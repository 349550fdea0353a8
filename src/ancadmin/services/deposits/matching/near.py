"""Rung 7: members one slip away from a damaged ID number, by looking up the number's neighbours, never by going through
the members.
"""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection, delete, func, select

from ancadmin.db.bulk import insert_rows, told
from ancadmin.db.schema import member
from ancadmin.domain.near_misses import near_misses
from ancadmin.domain.suggestions import near_miss
from ancadmin.services.deposits.matching.working import CANDIDATE, NEAR_MISS, NUMBER


def find_near(connection: Connection, deposits: Sequence[int], narratives: Sequence[str]) -> None:
    """Adds the candidates of some deposits, with their narratives."""
    texts = [narrative.encode() for narrative in narratives]
    offsets = np.append(0, np.cumsum([len(text) for text in texts], dtype=np.int64))
    found = near_misses(offsets, np.frombuffer(b"".join(texts), dtype=np.uint8))
    if not len(found):
        return
    wanted = np.unique(found.number)
    insert_rows(connection, NUMBER, ("id_number",), zip(map("{:013d}".format, wanted.tolist())))
    told(connection, NUMBER)
    on_record = connection.execute(
        select(NUMBER.c.id_number, func.coalesce(member.c.merged_into, member.c.id)).join(
            member, member.c.id_number == NUMBER.c.id_number
        )
    ).all()
    connection.execute(delete(NUMBER))
    if not on_record:
        return
    numbers = np.array([int(number) for number, _ in on_record], dtype=np.int64)
    members = np.array([who for _, who in on_record], dtype=np.int64)
    order = np.argsort(numbers)
    numbers, members = numbers[order], members[order]
    place = np.minimum(np.searchsorted(numbers, found.number), len(numbers) - 1)
    there = numbers[place] == found.number
    hits = found.take(there)

    slips, which = hits.slips()
    led = [near_miss(slip) for slip in slips]
    which_deposit = np.asarray(deposits)[hits.row]
    insert_rows(
        connection,
        CANDIDATE,
        ("deposit", "rung", "member", "weight", "words", "led"),
        (
            (deposit, NEAR_MISS, who, led[one].weight, led[one].words, "")
            for deposit, who, one in zip(
                which_deposit.tolist(), members[place[there]].tolist(), which.tolist(), strict=True
            )
        ),
    )
