"""The demo's folder: whose it is, and what of an earlier demo goes before a new one."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from ancadmin.errors import InputRefused, Place

if TYPE_CHECKING:
    from ancadmin.services.demo.generate import Sample

MARK = "demo.json"
STORE = "demo.db"
SETTINGS = "ancadmin.toml"
INCOMING = "incoming"
PAPERS = "papers"


def prepare(folder: Path, members: int, seed: int) -> "Sample":
    """An empty demo folder with the sample's files under `incoming`, and settings that name its store.

    An earlier demo's own files go; anything else in the folder refuses it. Raises InputRefused.
    """
    if folder.exists() and not folder.is_dir():
        raise _refused(folder, "not a folder")
    try:
        if (folder / MARK).is_file():
            _clear(folder)
        elif folder.exists() and any(folder.iterdir()):
            raise _refused(folder, "the folder is not empty, and no earlier demo made it")
        (folder / INCOMING).mkdir(parents=True)
        # The mark first: a demo that is stopped can be run again.
        (folder / MARK).write_text(json.dumps({"members": members, "seed": seed}) + "\n", encoding="utf-8")
        (folder / SETTINGS).write_text(f'db = "{STORE}"\n', encoding="utf-8")

        from ancadmin.services.demo.generate import generate

        return generate(folder / INCOMING, members, seed)
    except OSError as error:
        raise InputRefused(
            f"the demo's files cannot be written: {error.strerror or error}",
            "Make room there, or name another folder: ancadmin demo FOLDER",
            place=Place(file=str(folder)),
        ) from error


def _clear(folder: Path) -> None:
    for name in (INCOMING, PAPERS):
        if (folder / name).exists():
            shutil.rmtree(folder / name)
    for path in [folder / SETTINGS, *folder.glob(f"{STORE}*")]:
        path.unlink(missing_ok=True)


def _refused(folder: Path, what: str) -> InputRefused:
    return InputRefused(what, "Name an empty or a new folder: ancadmin demo FOLDER", place=Place(file=str(folder)))
