"""Writes what of the documentation is generated: the reference from the program's own help, the sample data, the
output under the commands of the README and the tutorial, and the pictures.

    python docs/build.py            writes it all
    python docs/build.py --check    writes nothing; exits 1 and names the pages of the reference that are stale
"""

import argparse
import sys
from pathlib import Path

import fields
import pages
import transcripts

DOCS = Path(__file__).parent
TOP = DOCS.parent


def main() -> int:
    """Builds or checks; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the reference is stale")
    asked = parser.parse_args()
    made = pages.pages()
    if asked.check:
        stale = [name for name, text in made.items() if _read(DOCS / "reference" / name) != text]
        stale += [path.name for path in (DOCS / "reference").glob("*.md") if path.name not in {*made, "json.md"}]
        for name in stale:
            print(f"docs/reference/{name} is stale: run `make docs`", file=sys.stderr)
        return 1 if stale else 0
    made["json.md"] = fields.page()
    folder = DOCS / "reference"
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.md"):
        path.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")

    from ancadmin.services.demo.generate import generate

    generate(TOP / "sample_data", truth=True)
    for document in transcripts.DOCUMENTS:
        path = TOP / document
        path.write_text(transcripts.refreshed(path.read_text(encoding="utf-8")), encoding="utf-8")
    (DOCS / "demo.svg").write_text(transcripts.picture(), encoding="utf-8")
    (DOCS / "desk.svg").write_text(transcripts.desk_picture(), encoding="utf-8")
    (DOCS / "review.svg").write_text(transcripts.review_picture(), encoding="utf-8")
    return 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
