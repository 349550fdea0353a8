"""Takes back what a batch did to operators and their roles."""

from sqlalchemy import select, update

from ancadmin.db.batches import Batch
from ancadmin.db.schema import operator, operator_role
from ancadmin.services.approvals.undo import approves_about, reopen
from ancadmin.services.batch.changes import put_back
from ancadmin.services.batch.kept import Kept
from ancadmin.services.operator.grants import renew, withdraw
from ancadmin.services.operator.reach import refuse_no_officer


def undo(batch: Batch, number: int) -> list[Kept]:
    """Roles given are taken back, roles taken back are given again; a person without a role is no operator. What was
    approved waits again.
    """
    connection = batch.connection
    given = (operator_role.c.batch == number, operator_role.c.reversed_by.is_(None))
    accounts = set(connection.scalars(select(operator_role.c.account).where(*given)))
    if accounts:  # not asked of every undo: on PostgreSQL few logins may write here
        connection.execute(update(operator_role).where(*given).values(reversed_by=batch.number))
    people, kept = put_back(batch, number, operator, "operator")
    roles, kept_roles = put_back(batch, number, operator_role, "role")
    kept += kept_roles
    if approves_about(connection, number, "operator ") and not kept:
        reopen(batch, number)
    if not accounts and not people and not roles:
        return kept
    still = select(operator_role.c.account).where(operator_role.c.reversed_by.is_(None))
    connection.execute(
        update(operator)
        .where(operator.c.batch == number, operator.c.reversed_by.is_(None), operator.c.account.not_in(still))
        .values(reversed_by=batch.number)
    )
    refuse_no_officer(connection)
    for account in sorted(accounts):
        withdraw(connection, account)
    renew(connection, batch.policy.authorisation, batch.today)
    batch.counts["roles_taken_back"] = len(accounts)
    batch.counts["roles_given_back"] = len(roles)
    return kept
