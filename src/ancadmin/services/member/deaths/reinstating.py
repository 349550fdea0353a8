"""What a batch had ended holds again once that batch is undone."""

from sqlalchemy import insert, select, true

from ancadmin.db.batches import Batch
from ancadmin.db.schema import batch as batch_table
from ancadmin.db.schema import decision
from ancadmin.services.member.deaths.death_undo import IMPORT, takes_back_a_death
from ancadmin.services.register.codes import TAKES_ROWS
from ancadmin.services.standing.query import recorded


def reinstate(batch: Batch, number: int) -> None:
    """What the batch had ended holds again, where the row that ended it was taken back just now, unless a register
    or a result file brought it whose import has been undone. (The undo of an officer's batch kept what had been ended,
    and said so.)
    """
    old, ended = decision, decision.alias("ended")
    undone = select(batch_table.c.number).where(
        batch_table.c.undone_by.is_not(None), batch_table.c.command.in_((*TAKES_ROWS, IMPORT))
    )
    # That row may be an undo's, which brought it back after a later batch had ended it in turn.
    instead = select(ended.c.id).where(
        ended.c.reversed_by == batch.number,
        ended.c.continues == recorded(old),
    )
    rows = batch.connection.execute(
        select(old).where(
            old.c.reversed_by == number,
            old.c.batch != number,
            old.c.batch.not_in(undone),
            # Where one death was taken back there is no row that ended it.
            true() if takes_back_a_death(batch, number) else instead.exists(),
        )
    )
    again = [
        {
            **{name: value for name, value in row.items() if name != "id"},
            "batch": batch.number,
            "reversed_by": None,
            "continues": row["continues"] or row["id"],
        }
        for row in rows.mappings()
    ]
    if again:
        batch.connection.execute(insert(decision), again)
    batch.counts["decisions_reinstated"] = len(again)
