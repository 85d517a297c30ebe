"""Days in words, in English and French."""

from __future__ import annotations

import datetime

_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
}


def written(day: datetime.date | str, lang: str) -> str:
    """`1 July 2010`, `1er juillet 2010`; of `2010-07` or `2010`, as ISO 8601 writes what is not known to the day, as much."""
    year, *rest = str(day).split("-")
    month = [_MONTHS[lang][int(rest[0]) - 1]] if rest else []
    number = ["1er" if lang == "fr" and int(rest[1]) == 1 else str(int(rest[1]))] if rest[1:] else []
    return " ".join([*number, *month, year])
