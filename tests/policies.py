"""Policies that let others decide than the one a store was made with: adopted before anything is done under them."""

from pathlib import Path
from typing import Any


def adopted(office: Any, text: str, name: str = "adopted.toml") -> Path:
    """A file of that policy, whose authorisation a national officer has brought into force."""
    path: Path = office.write(name, text)
    office("--policy", path, "config", "policy", "adopt")
    return path
