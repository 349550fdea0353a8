"""`python -m ancadmin.services.demo FOLDER`: the sample's files and nothing else, for tests and benchmarks."""

import argparse
from pathlib import Path

from ancadmin.services.demo.generate import SEED, generate
from ancadmin.services.demo.plan import SMALL


def main() -> None:
    """Reads the arguments and writes the files."""
    parser = argparse.ArgumentParser(prog="python -m ancadmin.services.demo", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--members", type=int, default=SMALL)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--truth", action="store_true", help="what becomes of every row and line, too")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    generate(asked.folder, asked.members, asked.seed, truth=asked.truth)


if __name__ == "__main__":
    main()
