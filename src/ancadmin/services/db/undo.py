"""Takes back what a batch did to places."""

from sqlalchemy import ColumnElement, Table, delete, select

from ancadmin.db.batches import Batch
from ancadmin.db.schema import branch, cost_sheet, dispute, member, paper, province, region, transfer
from ancadmin.services.batch.changes import put_back
from ancadmin.services.batch.kept import Kept

# What may stand on a place, nearest first.
_STANDS_ON = {
    "branch": (
        (member.c.branch, "members are on record there"),
        (paper.c.branch, "papers were issued for it"),
        (transfer.c.from_branch, "members were transferred out of it or into it"),
        (transfer.c.to_branch, "members were transferred out of it or into it"),
        (dispute.c.branch, "disputes name it"),
    ),
    "region": ((branch.c.region, "branches lie in it"), (cost_sheet.c.region, "it has cost-comparison sheets")),
    "province": ((region.c.province, "regions lie in it"),),
}


def undo(batch: Batch, number: int) -> list[Kept]:
    """Changed places get their old names back, new ones go; a place something stands on is kept.

    A register import with `--create-branches` makes places too, so this looks at every batch.
    """
    kept: list[Kept] = []
    restored = 0
    for table in (branch, region, province):
        keys, changed_since = put_back(batch, number, table, table.name)
        restored += len(keys)
        kept += changed_since
    removed = 0
    for table in (branch, region, province):
        went, stayed = _remove(batch, number, table)
        removed += went
        kept += stayed
    if removed or restored:
        batch.counts.update(places_removed=removed, places_restored=restored)
    return kept


def _remove(batch: Batch, number: int, table: Table) -> tuple[int, list[Kept]]:
    stands = _STANDS_ON[table.name]
    kept: dict[str, str] = {}
    for column, why in stands:
        held = batch.connection.scalars(
            select(table.c.code).where(table.c.batch == number, _used(table, column)).order_by(table.c.code)
        )
        for code in held:
            kept.setdefault(code, why)
    unused = [~_used(table, column) for column, _ in stands]
    gone = batch.connection.execute(delete(table).where(table.c.batch == number, *unused))
    return gone.rowcount, [Kept(f"{table.name} {code}", why) for code, why in kept.items()]


def _used(table: Table, column: ColumnElement[str]) -> ColumnElement[bool]:
    return select(column).where(column == table.c.code).exists()
