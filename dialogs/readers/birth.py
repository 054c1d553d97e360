"""Dates of birth as people write them, alone or behind their name."""

import re
from dataclasses import dataclass
from datetime import date

from dialogs.readers import calendar_days
from dialogs.readers.fold import fold, plain
from dialogs.readers.lexicon import calendar_word, tokens_of, vocabulary
from dialogs.readers.tokens import Token, kinds

LONGEST = 200
OLDEST = 120
_SPACED = re.compile(r"(?<=\d)\s*([/.-])\s*(?=\d)")
_EIGHT_DIGITS = re.compile(r"\d{8}")
_YEAR = re.compile(r"\d{4}")
_WORD = re.compile(r"[^\W\d_]+")
_NEXT_WORD = re.compile(r"[ .,-]*(?:(?:de|of) +)?([^\W\d_]+)")
_NUMBERS_ONLY = re.compile(r"(?:[nN][-O,]?){2}[nN]")
_DAY_MONTH_YEAR = re.compile(r"(?:w,?)?[lefF]*[no][-O,lfF]*m[-O,fF]*[nN]")
_MONTH_DAY_YEAR = re.compile(r"(?:w,?)?m[-O]?l?[no][-O,fF]*[nN]")
_YEAR_MONTH_DAY = re.compile(r"N[-O,]?m[-O,]?[no]")
_EDGES = " \t\r\n.,;:-–—()[]/\"'"


@dataclass(frozen=True, slots=True)
class Written:
    """
    A date as it is written, whether there is such a day or not; the year has two digits or four.

    *is_guessed*: day and month might as well be the other way round, or can only be so.
    """

    year: str
    month: int
    day: int
    is_guessed: bool = False

    def full_year(self, today: date) -> int:
        """Return the year with its century, the latest that is not to come."""
        if len(self.year) != 2:
            return int(self.year)
        year = today.year // 100 * 100 + int(self.year)
        return year if year <= today.year else year - 100

    def is_to_come(self, today: date) -> bool:
        """Say whether it is a day in the future."""
        found = calendar_days.valid(self.full_year(today), self.month, self.day)
        return found is not None and found > today

    def is_no_day(self, today: date) -> bool:
        """Say whether its month does not have so many days."""
        day = calendar_days.valid(self.full_year(today), self.month, self.day)
        return day is None and 1 <= self.month <= 12 and 28 < self.day <= 31


def read_birth(text: str, *, language: str, today: date, month_first: bool = False) -> date | None:
    """Return the date of birth that *text* is: whole, possible, not to come and of the last 120 years."""
    written = read_written(text, language=language, today=today, month_first=month_first)
    return _in_year(written, today) if written else None


def read_written(text: str, *, language: str, today: date, month_first: bool = False) -> Written | None:
    """Return the whole date that *text* is, as it is written."""
    if len(text) > LONGEST:
        return None
    bare = _without_words(_SPACED.sub(r"\1", plain(text)), vocabulary(language).born)
    if _EIGHT_DIGITS.fullmatch(bare):
        return _of_digits(bare, today=today, month_first=month_first)
    return _of_tokens(tokens_of(bare, language), month_first=month_first)


def read_year(text: str, *, today: date) -> int | None:
    """Return the year of birth that *text* is, four digits and no more than 120 years ago."""
    bare = fold(text[:LONGEST])
    if not _YEAR.fullmatch(bare):
        return None
    return int(bare) if today.year - OLDEST <= int(bare) <= today.year else None


def split_name_and_birth(
    text: str, *, language: str, today: date, month_first: bool = False
) -> tuple[str, date | None]:
    """Return the name in *text* and the date of birth beside it; an unreadable date is cut off all the same."""
    name, written = split_name_and_date(text, language=language, today=today, month_first=month_first)
    return name, read_birth(written, language=language, today=today, month_first=month_first) if written else None


def split_name_and_date(text: str, *, language: str, today: date, month_first: bool = False) -> tuple[str, str]:
    """Return the name in *text* and what stands beside it as a date, readable or not."""
    text = text[:LONGEST]
    digits = [place for place, character in enumerate(text) if character.isdecimal()]
    if not digits:
        return _tidy(text), ""
    start, end = digits[0], _behind_suffix(text, digits[-1] + 1)
    if read_birth(text[start:end], language=language, today=today, month_first=month_first) is None:
        start, end = _with_month(text, start, end, language)
    return _tidy(_before_date(text[:start], language)) or _tidy(text[end:]), text[start:end]


def _without_words(text: str, phrases: str) -> str:
    """Drop the words that lead to a date of birth from the beginning of a folded *text*."""
    for phrase in sorted(phrases.split("|"), key=len, reverse=True):
        words = r"\W+".join(phrase.split())
        found = re.match(rf"\W*{words}(?![^\W\d_])\W*", text)
        if found:
            return text[found.end() :].strip()
    return text.strip()


def _of_digits(digits: str, *, today: date, month_first: bool) -> Written:
    """Read 03041950, or 19500403, which cannot be the same."""
    year_last = _of_numbers([digits[:2], digits[2:4], digits[4:]], month_first=month_first)
    year_first = Written(digits[:4], int(digits[4:6]), int(digits[6:]))
    return year_first if year_last is None or _in_year(year_first, today) else year_last


def _of_tokens(tokens: list[Token], *, month_first: bool) -> Written | None:
    while tokens and tokens[0].kind in "lefF":
        tokens = tokens[1:]
    letters = kinds(tokens)
    if letters == "/":
        parts = re.split(r"[-/.]", tokens[0].text)
        return _of_numbers(parts, month_first=month_first) if len(parts) == 3 else None
    if _NUMBERS_ONLY.fullmatch(letters):
        parts = [token.text for token in tokens if token.kind in "nN"]
        return _of_numbers(parts, month_first=month_first) if all(parts) else None
    if not any(shape.fullmatch(letters) for shape in (_DAY_MONTH_YEAR, _MONTH_DAY_YEAR, _YEAR_MONTH_DAY)):
        return None
    month = next(token.number for token in tokens if token.kind == "m")
    numbers = [token for token in tokens if token.kind in "noN"]
    day, year = reversed(numbers) if numbers[0].kind == "N" else numbers
    return Written(year.text, month, day.number)


def _of_numbers(parts: list[str], *, month_first: bool) -> Written | None:
    if len(parts[0]) == 4:
        return Written(parts[0], int(parts[1]), int(parts[2]))
    if len(parts[0]) > 2 or len(parts[1]) > 2:
        return None
    first, second = int(parts[0]), int(parts[1])
    day, month = calendar_days.in_order(first, second, month_first=month_first)
    is_swapped = day != (second if month_first else first)
    return Written(parts[2], month, day, is_guessed=is_swapped or (day != month and max(day, month) <= 12))


def _in_year(written: Written, today: date) -> date | None:
    """Read the year; of two digits, the latest that is not to come."""
    month, day = written.month, written.day
    if len(written.year) == 4:
        return _possible(int(written.year), month, day, today)
    if len(written.year) != 2:
        return None
    year = today.year // 100 * 100 + int(written.year)
    return _possible(year, month, day, today) or _possible(year - 100, month, day, today)


def _possible(year: int, month: int, day: int, today: date) -> date | None:
    found = calendar_days.valid(year, month, day)
    if found is None or found > today:
        return None
    return found if found >= calendar_days.months_on(today, -12 * OLDEST) else None


def _behind_suffix(text: str, end: int) -> int:
    """Move *end* behind the letters of "3rd"."""
    while end < len(text) and text[end].isalpha():
        end += 1
    return end


def _with_month(text: str, start: int, end: int, language: str) -> tuple[int, int]:
    """Widen the date by the months and number words about it: "April 3 1950", "3 April"."""
    for word in reversed(list(_WORD.finditer(text, 0, start))):
        if text[word.end() : start].strip(" .,-") or not _is_of_date(word.group(), language):
            break
        start = word.start()
    after = _NEXT_WORD.match(text, end)
    if after and _is_of_date(after.group(1), language):
        end = after.end()
    return start, end


def _is_of_date(word: str, language: str) -> bool:
    meaning = calendar_word(fold(word), language)
    return meaning is not None and meaning.kind in "mno"


def _before_date(text: str, language: str) -> str:
    """Drop what leads from a name to a date: "Ana Silva, born on the", "Ana Silva née le"."""
    born = set(vocabulary(language).born.split("|")) | {"born", "dob"}
    words = text.rstrip(_EDGES).split()
    said = _without_small(words, language, in_capitals=True)
    for count in (4, 3, 2, 1):
        if fold(" ".join(said[-count:])) in born:
            return " ".join(said[:-count])
    return " ".join(_without_small(words, language, in_capitals=False))


def _without_small(words: list[str], language: str, *, in_capitals: bool) -> list[str]:
    """Drop articles from the end; in capitals they may be names, as Le is."""
    small = set(vocabulary(language).small.split("|"))
    kept = len(words)
    while kept and fold(words[kept - 1]) in small and (in_capitals or words[kept - 1].islower()):
        kept -= 1
    return words[:kept]


def _tidy(name: str) -> str:
    return " ".join(name.strip(_EDGES).split())
