"""Where the store is and which policy holds: flags > environment > `ancadmin.toml` (here, then the user's)."""

import os
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ancadmin.errors import ConfigurationError, Place

FILE_NAME = "ancadmin.toml"
_KEYS = {"db", "policy"}
_TABLES = {
    "mail": {"host", "port", "security", "user", "password_file", "ca_file", "sender", "operator"},
    "sms": {"file"},
}


@dataclass(frozen=True)
class Settings:
    """What the command line, the environment and the settings file say together."""

    db: str
    policy: Path | None = None


@dataclass(frozen=True)
class Setting:
    """One setting in force and where it was found: a flag, a variable, a file, or `default`."""

    name: str
    value: str | None
    source: str


def load_settings(db: str | None = None, policy: Path | None = None) -> Settings:
    """The settings in force; `db` and `policy` are what the flags said. Raises ConfigurationError."""
    store, named = settings_in_force(db, policy)
    return Settings(db=as_url(store.value or ""), policy=Path(named.value) if named.value else None)


def settings_in_force(db: str | None = None, policy: Path | None = None) -> tuple[Setting, Setting]:
    """`db` and `policy`, each with where it was found. Raises ConfigurationError."""
    path, said = _settings_file()
    store = _first(("--db", db), ("ANCADMIN_DB", os.environ.get("ANCADMIN_DB")), (path, said.get("db")))
    named = _first(
        ("--policy", str(policy) if policy else None),
        ("ANCADMIN_POLICY", os.environ.get("ANCADMIN_POLICY")),
        (path, said.get("policy")),
    )
    return (
        Setting("db", *(store or (_default_store(), "default"))),
        Setting("policy", *(named or (None, "default"))),
    )


def _first(*places: tuple[str, str | None]) -> tuple[str, str] | None:
    """The first place that says something: the value, and the place."""
    return next(((value, place) for place, value in places if value), None)


def as_url(text: str) -> str:
    """A store named by a plain path is a SQLite file; URLs are taken as they are."""
    if "://" in text:
        return text
    return f"sqlite:///{Path(text).expanduser()}"


def settings_table(table: str) -> tuple[Path, dict[str, Any]]:
    """The entries of `[mail]` or `[sms]`, and the file they stand in, which their paths are relative to; empty where
    there are none. Raises ConfigurationError.
    """
    path, said = _settings_file()
    return Path(path), said.get(table, {})


def _settings_file() -> tuple[str, dict[str, Any]]:
    for path in (Path(FILE_NAME), _user_settings()):
        if not os.path.isfile(path):  # noqa: PTH113 - unlike Path.is_file it is false, not an error, behind a closed folder
            continue
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise ConfigurationError(
                f"not a settings file: {error}", "Mend that line.", place=Place(file=str(path))
            ) from error
        for key, value in data.items():
            if key in _TABLES and isinstance(value, dict):
                _refuse_unknown(value, _TABLES[key], key, path)
            elif key not in _KEYS or not isinstance(value, str):
                raise ConfigurationError(
                    f"`{key}` is not a setting",
                    "Known are: db, policy, and the tables [mail] and [sms].",
                    place=Place(file=str(path)),
                )
        if "policy" in data:
            data["policy"] = str(path.parent / data["policy"])
        return str(path), data
    return "", {}


def _refuse_unknown(entries: dict[str, Any], known: Collection[str], table: str, path: Path) -> None:
    for key in entries:
        if key not in known:
            remedy = f"Known are: {', '.join(sorted(known))}."
            if key == "password":
                remedy = (
                    'A password does not stand here: put it into a file of its own, and write password_file = "FILE".'
                )
            raise ConfigurationError(f"`{table}.{key}` is not a setting", remedy, place=Place(file=str(path)))


def _user_settings() -> Path:
    from platformdirs import user_config_path

    return user_config_path("ancadmin") / FILE_NAME


def _default_store() -> str:
    from platformdirs import user_data_path

    return f"sqlite:///{user_data_path('ancadmin') / 'ancadmin.db'}"
