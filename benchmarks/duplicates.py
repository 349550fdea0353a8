"""How often `register duplicates` is right, and what it costs: a store of members among whom it is known who is whom.

    python benchmarks/duplicates.py [--members 1400000] [--seed 1994]

5 % of the records are a second one of somebody, with one of seven kinds of damage (see `truth.py`).
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from measure import Run, timed
from truth import Score, scored, write_pile

ANCADMIN = [str(Path(sys.executable).with_name("ancadmin"))]
LEAST_PRECISION, LEAST_RECALL = 0.95, 0.90
MOST_SECONDS, MOST_MIB = 300, 4096


def main() -> None:
    """Measures, and says whether it is good enough."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=1_400_000)
    parser.add_argument("--seed", type=int, default=1994)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ancadmin-bench-") as folder:
        score, run = measured(Path(folder), asked.members, asked.seed)
    print(told(asked.members, score, run))


def measured(folder: Path, members: int, seed: int = 1994) -> tuple[Score, Run]:
    """Makes a store of `members` records in `folder` and runs the search on it: how right it is, and what it took."""
    pile = write_pile(folder, members, seed)
    ours = [*ANCADMIN, "--quiet", "--db", f"sqlite:///{folder / 'store.db'}"]
    timed("init", [*ours, "init", "--sole-operator"])
    timed("places", [*ours, "db", "places", "import", str(pile.places)])
    timed("register import", [*ours, "register", "import", str(pile.register)])
    found = folder / "found.ndjson"
    run = timed("register duplicates", [*ours, "register", "duplicates", "-o", str(found)])
    return scored(pile, found), run


def told(members: int, score: Score, run: Run) -> str:
    """The figures for people, with the targets."""
    seconds = f"{run.wall:.1f} s, CPU {run.cpu:.1f} s"
    lines = [
        f"{members:,} members, {score.true:,} pairs of one person; found {score.found:,}, right {score.right:,}",
        f"precision {score.precision:.2%} (at least {LEAST_PRECISION:.0%}: {_met(score.precision >= LEAST_PRECISION)})",
        f"recall    {score.recall:.2%} (at least {LEAST_RECALL:.0%}: {_met(score.recall >= LEAST_RECALL)})",
        *(f"  {kind:<14} {share:.1%}" for kind, share in score.by_kind.items()),
        f"time      {seconds} (less than {MOST_SECONDS} s: {_met(run.wall < MOST_SECONDS)})",
        f"memory    {run.peak_mib:,.0f} MiB at most (less than {MOST_MIB:,} MiB: {_met(run.peak_mib < MOST_MIB)})",
    ]
    return "\n".join(lines)


def _met(yes: bool) -> str:
    return "met" if yes else "NOT MET"


if __name__ == "__main__":
    main()
