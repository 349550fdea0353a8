"""What an officer's decision took back is entered again where it is undone, for whoever its members are by now: records
may have been merged since, or a merge undone.
"""

from sqlalchemy import Connection, func, insert, literal, select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import allocation, change, deposit, member, merge, refund
from ancadmin.services.deposits.lives import ENTRY, SAME, first_credited
from ancadmin.services.deposits.works import sole_member


def enter_again(batch: Batch, number: int) -> None:
    """New entries like those batch `number` reversed, in their order (`lives_on` goes by it), for those their members
    have been merged into since, and not for those whose merge was undone since; and refunds like those it took back.
    """
    same = [refund.c[name] for name in ("deposit", "cents", "why", "debit")]
    given = select(*same, literal(batch.number)).where(refund.c.reversed_by == number).order_by(refund.c.id)
    batch.connection.execute(insert(refund).from_select([*same, "batch"], given))
    connection = batch.connection
    parted = set(connection.scalars(select(merge.c.kept).where(merge.c.reversed_by.is_not(None))))
    now = select(func.coalesce(member.c.merged_into, member.c.id))
    entries = ENTRY.add_columns(now.where(member.c.id == allocation.c.member).scalar_subquery().label("now"))
    again = []
    for row in connection.execute(entries.where(allocation.c.reversed_by == number).order_by(allocation.c.id)).all():
        whose = row.now
        if row.member in parted:
            whose = connection.scalar(now.where(member.c.id == first_credited(connection, row)))
        again.append({**{name: getattr(row, name) for name in SAME}, "member": whose, "batch": batch.number})
    if again:
        connection.execute(insert(allocation), again)


def name_as_decided(connection: Connection, number: int, which: int) -> None:
    """Where batch `number` named somebody merged into another since, the deposit names them once more: then its fields
    are as the batch left them, and can be put back.
    """
    named = select(change.c.new).where(
        change.c.batch == number, change.c.table_name == deposit.name, change.c.field == "member"
    )
    who = connection.scalar(named)
    if who is not None:
        into = select(member.c.merged_into).where(member.c.id == int(who)).scalar_subquery()
        connection.execute(
            update(deposit).where(deposit.c.id == which, deposit.c.member == into).values(member=int(who))
        )


def name_parted(batch: Batch, which: int) -> None:
    """A deposit that names the record kept in a merge undone since names whoever is credited with it; where nobody is,
    the one it named before the merge.
    """
    connection = batch.connection
    named = connection.scalar(select(deposit.c.member).where(deposit.c.id == which))
    credited = (allocation.c.deposit == which, allocation.c.reversed_by.is_(None))
    if named is None or connection.scalar(select(allocation.c.id).where(*credited, allocation.c.member == named)):
        return
    whose = sole_member(batch, which)
    if whose is None:
        whose = named
        renamed = (
            select(change.c.old, change.c.new)
            .join(merge, merge.c.batch == change.c.batch)
            .where(
                merge.c.reversed_by.is_not(None),
                change.c.table_name == deposit.name,
                change.c.key == str(which),
                change.c.field == "member",
            )
            .order_by(change.c.id.desc())
        )
        for row in connection.execute(renamed):
            if int(row.new) == whose:
                whose = int(row.old)
    connection.execute(update(deposit).where(deposit.c.id == which).values(member=whose))


def name_merged(connection: Connection, number: int) -> None:
    """A deposit that names somebody merged into another since names that other."""
    into = select(member.c.merged_into).where(member.c.id == deposit.c.member).scalar_subquery()
    connection.execute(update(deposit).where(deposit.c.id == number, into.is_not(None)).values(member=into))
