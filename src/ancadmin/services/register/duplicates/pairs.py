"""Pairs of records that are likely of one person: found, compared and weighed by Splink on DuckDB."""

import json
import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ancadmin.domain.duplicates import (
    Kind,
    Says,
    before,
    bits_of,
    chance,
    most_of_household,
    most_of_twins,
    score_of,
    worth,
)
from ancadmin.services.register.duplicates.model import BLOCKS, DIGIT_OFF, FIELDS, NAMES, NUMBER, Field

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AT_ONCE = 10_000
# In a small store a name's share says little: it is taken among so many more people who have other names.
_STRANGERS = 1_000
_HOUSEHOLD = "A family shares surname, branch and cell, and twins the birth date: together they count for no more."


@dataclass(frozen=True)
class Pair:
    """Two members, by their ids, the lower first. `evidence` is a JSON list of `field, says, words, worth, bits`."""

    member: int
    other: int
    kind: Kind
    score: float
    evidence: str


def pairs(
    workshop: "DuckDBPyConnection",
    members: int,
    least: float,
    *,
    among: Collection[str] | None,
    touching: Collection[str] | None,
) -> Iterator[Pair]:
    """The pairs of table `people` with a score of at least `least`, the likeliest first.

    Only of two members of the branches `among`, one of them of the branches `touching`; None for every branch.
    """
    conditions = []
    for name, codes, both in (("among", among, "AND"), ("touching", touching, "OR")):
        if codes is not None:
            _mark(workshop, name, codes)
            conditions.append(f"(l.is_{name} {both} r.is_{name})")
    compared = _compared(workshop, members, conditions, bits_of(least))
    household = " + ".join(_bits(field) for field in FIELDS if field.of_household)
    rest = " + ".join(_bits(field) for field in FIELDS if not field.of_household and field is not NUMBER)
    capped = f"least({household}, {most_of_household(members)})"
    total = f"{before(members)} + least({capped} + {_bits(NUMBER)}, {most_of_twins(members)}) + {rest}"
    answers = ", ".join(f"gamma_{field.name}, {_bits(field)}" for field in FIELDS)
    found = workshop.execute(
        f"SELECT unique_id_l, unique_id_r, {total} AS bits, {answers} FROM {compared} "
        f"WHERE {total} >= {bits_of(least)} ORDER BY bits DESC, unique_id_l, unique_id_r"
    )
    while rows := found.fetchmany(_AT_ONCE):
        for row in rows:
            yield _pair(row, before(members))


def _bits(field: Field) -> str:
    adjusted = any(level.share_of for level in field.levels)
    return f"(mw_{field.name} + mw_tf_adj_{field.name})" if adjusted else f"mw_{field.name}"


def _mark(workshop: "DuckDBPyConnection", name: str, codes: Collection[str]) -> None:
    """Says of everyone whether the branch is one of `codes`, in a column named after `name`."""
    workshop.register("codes", pa.table({"code": pa.array(sorted(codes), pa.string())}))
    workshop.execute(f"ALTER TABLE people ADD COLUMN is_{name} BOOLEAN").fetchall()
    workshop.execute(f"UPDATE people SET is_{name} = branch IN (SELECT code FROM codes)").fetchall()
    workshop.unregister("codes")


def _compared(workshop: "DuckDBPyConnection", members: int, conditions: list[str], least: float) -> str:
    """The name of the table of compared pairs, those of at least so many bits."""
    from splink import DuckDBAPI, Linker, SettingsCreator
    from splink.blocking_rule_library import CustomRule

    rules = [CustomRule(" AND ".join([*(f"l.{name} = r.{name}" for name in block), *conditions])) for block in BLOCKS]
    settings = SettingsCreator(
        link_type="dedupe_only",
        probability_two_random_records_match=chance(members),
        comparisons=[_comparison(field) for field in FIELDS],
        blocking_rules_to_generate_predictions=list(rules),
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=True,
    )
    connected = DuckDBAPI(connection=workshop)
    people = connected.register("people")
    # What is worth what is laid down, not learnt: a small pile gives too little to learn from, and a large one must be
    # judged as a small one is.
    linker = Linker(people, settings, log_level=logging.ERROR, validate_settings=False)
    for name in NAMES:
        shares = connected.register(_shares(workshop, name, members))
        linker.table_management.register_term_frequency_lookup(shares, name)
    # What a household shares is capped afterwards, which only lowers a pair: none that counts is left out here.
    return str(linker.inference.predict(threshold_match_weight=least, warning_mode="never").physical_name)


def _shares(workshop: "DuckDBPyConnection", name: str, members: int) -> str:
    """The name of the table of how many have which value of a column of names."""
    workshop.execute(
        f"CREATE TABLE shares_{name} AS SELECT {name}, count(*) / ({members} + {_STRANGERS}.0) AS tf_{name} "
        f"FROM people WHERE {name} IS NOT NULL GROUP BY {name}"
    ).fetchall()
    return f"shares_{name}"


def _comparison(field: Field) -> Any:
    from splink.comparison_level_library import CustomLevel
    from splink.comparison_library import CustomComparison

    levels: list[Any] = []
    if field.known:
        unknown = " OR ".join(f"{name}_l IS NULL OR {name}_r IS NULL" for name in field.known)
        levels.append(CustomLevel(unknown, str(Says.UNKNOWN)).configure(is_null_level=True))
    for level in field.levels:
        settings: dict[str, Any] = {"m_probability": level.of_one, "u_probability": level.by_chance}
        if level.share_of:
            settings.update(tf_adjustment_column=level.share_of, disable_tf_exact_match_detection=True)
        levels.append(CustomLevel(_suffixed(level.condition), level.words).configure(**settings))
    return CustomComparison(output_column_name=field.name, comparison_levels=levels)


def _suffixed(condition: str) -> str:
    """`l.born = r.born` as Splink names the columns of a pair: `born_l = born_r`."""
    import re

    return re.sub(r"\b([lr])\.(\w+)", r"\2_\1", condition)


def _pair(row: tuple[Any, ...], start: float) -> Pair:
    first, second, bits, *answers = row
    evidence = []
    left = bits - start
    for field, answer, field_bits in zip(FIELDS, answers[::2], answers[1::2], strict=True):
        left -= field_bits
        evidence.append(_entry(field, answer, field_bits))
    if left < -0.5:
        evidence.append(
            {
                "field": "household",
                "says": str(Says.UNKNOWN),
                "words": _HOUSEHOLD,
                "worth": worth(left),
                "bits": round(left, 1),
            }
        )
    kind = Kind.DIGIT_OFF if _level(NUMBER, answers[0]) in DIGIT_OFF else Kind.TWO_NUMBERS
    low, high = min(first, second), max(first, second)
    return Pair(low, high, kind, round(score_of(bits), 4), json.dumps(evidence, ensure_ascii=False))


def _level(field: Field, answer: int) -> int | None:
    """The place of an answer among the field's levels: Splink counts from the last, and -1 for unknown."""
    return None if answer < 0 else len(field.levels) - 1 - answer


def _entry(field: Field, answer: int, bits: float) -> dict[str, Any]:
    place = _level(field, answer)
    level = None if place is None else field.levels[place]
    return {
        "field": field.name,
        "says": str(level.says if level else Says.UNKNOWN),
        "words": level.words if level else f"no {field.title} in one of the records",
        "worth": worth(bits),
        "bits": round(bits, 1),
    }
