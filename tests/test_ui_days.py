"""Days in words, as far as they are known."""

from __future__ import annotations

import datetime

import pytest

from ui.shown.days import written


@pytest.mark.parametrize(
    ("day", "en", "fr"),
    [
        (datetime.date(2010, 7, 1), "1 July 2010", "1er juillet 2010"),
        (datetime.date(2021, 2, 11), "11 February 2021", "11 février 2021"),
        ("2018-08-31", "31 August 2018", "31 août 2018"),
        ("2018-12", "December 2018", "décembre 2018"),
        ("2018", "2018", "2018"),
    ],
)
def test_a_day_is_written_as_far_as_it_is_known(day: datetime.date | str, en: str, fr: str) -> None:
    assert (written(day, "en"), written(day, "fr")) == (en, fr)
