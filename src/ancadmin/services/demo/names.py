"""The names of the sample: lists by language, drawn so that common ones come often."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from ancadmin.services.demo.draws import Rows, draws, picks

# Of the second names, how many are from the English list, whatever language the first is in.
_ENGLISH_SHARE = 0.3


@dataclass(frozen=True)
class Names:
    """All surnames and first names in one list each; `starts` says where a language's part begins."""

    surnames: tuple[str, ...]
    first_names: tuple[str, ...]
    languages: tuple[str, ...]
    starts: dict[tuple[str, str], tuple[int, int]]
    branches: dict[str, tuple[str, ...]]
    provinces: dict[str, tuple[float, ...]]

    def draw_languages(self, seed: int, rows: Rows, provinces: npt.NDArray[np.str_]) -> Rows:
        """The index of each row's language, by the province it is in."""
        languages = np.zeros(len(rows), dtype=np.int64)
        for province in np.unique(provinces):
            here = provinces == province
            languages[here] = picks(seed, "language", rows[here], self.provinces[str(province)])
        return languages

    def draw(self, seed: int, what: str, kind: str, rows: Rows, languages: Rows) -> Rows:
        """Indexes into `surnames` (kind `surnames`) or `first_names` (kinds `women` and `men`)."""
        drawn = np.zeros(len(rows), dtype=np.int64)
        for number, language in enumerate(self.languages):
            here = languages == number
            if here.any():
                start, count = self.starts[language, kind]
                drawn[here] = start + picks(seed, what, rows[here], 1.0 / np.arange(2, count + 2))
        return drawn

    def second_languages(self, seed: int, rows: Rows, languages: Rows) -> Rows:
        """The language of a second name: often English."""
        english = self.languages.index("english")
        return np.where(draws(seed, "second language", rows) < _ENGLISH_SHARE, english, languages)


@cache
def names() -> Names:
    """The lists of names.toml."""
    data = tomllib.loads(files("ancadmin.services.demo").joinpath("names.toml").read_text(encoding="utf-8"))
    shares = data.pop("provinces")
    languages = tuple(data)
    surnames: list[str] = []
    first_names: list[str] = []
    starts = {}
    for language, lists in data.items():
        for kind, into in (("surnames", surnames), ("women", first_names), ("men", first_names)):
            starts[language, kind] = (len(into), len(lists[kind]))
            into += lists[kind]
    return Names(
        surnames=tuple(surnames),
        first_names=tuple(first_names),
        languages=languages,
        starts=starts,
        branches={language: tuple(lists["branches"]) for language, lists in data.items()},
        provinces={
            province: tuple(float(mix.get(language, 0)) for language in languages) for province, mix in shares.items()
        },
    )
