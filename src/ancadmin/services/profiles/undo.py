"""Takes back what a batch did to profiles, on whichever shelf they stand."""

from sqlalchemy import select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import profile
from ancadmin.services.batch.kept import Kept


def undo(batch: Batch, number: int) -> list[Kept]:
    """Takes back what batch `number` did to profiles: one it saved goes, one it replaced or removed stands again.

    A profile that was saved or removed again since stays as it is.
    """
    connection = batch.connection
    touched = (profile.c.batch == number) | (profile.c.reversed_by == number)
    kept: list[Kept] = []
    taken_back = 0
    for kind, name in connection.execute(select(profile.c.kind, profile.c.name).where(touched).distinct()).all():
        one = (profile.c.kind == kind) & (profile.c.name == name)
        rows = connection.execute(select(profile).where(one)).all()
        made = next((row for row in rows if row.batch == number), None)
        replaced = next((row for row in rows if row.reversed_by == number), None)
        standing = next((row for row in rows if row.reversed_by is None), None)
        if standing is not made:
            kept.append(Kept(f"profile {name}", "it was saved or removed again since"))
            continue
        if made is not None:
            connection.execute(update(profile).where(profile.c.id == made.id).values(reversed_by=batch.number))
            taken_back += 1
        if replaced is not None:
            connection.execute(update(profile).where(profile.c.id == replaced.id).values(reversed_by=None))
            taken_back += 1
    if taken_back:
        batch.counts["profiles_taken_back"] = taken_back
    return kept
