"""What is kept of a conversation between turns: the scripts under way, the menu as it was shown, the language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from dialogs.ledger import Ledger
from dialogs.questions import Narrow
from dialogs.said import Said

#: Keys that an earlier release used for what now has another name.
RENAMED: Mapping[str, str] = {}
_NOTICES = 6  # that can be answered


@dataclass(slots=True)
class Frame:
    """One script under way."""

    script: str
    args: dict[str, str] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One option as it was shown.

    *reopens*: it asks those keys again; *more*: it turns the page; *answers*: it answers those keys.
    """

    label: str
    detail: str = ""
    value: Any = None
    reopens: tuple[str, ...] = ()
    more: bool = False
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """What a question offered when it was last shown; only this can be picked.

    *wants*: it asked for something to be shared.
    """

    number: int
    key: str
    given: str
    text: str
    shown: tuple[Shown, ...] = ()
    narrow: Narrow | None = None
    page: int = 0
    wants: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What was said when the answer to menu number *menu* ended a script: a second tap on it is told so again."""

    menu: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Begins:
    """What something that stands under a notice begins: a script with arguments."""

    label: str
    script: str
    args: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice with number *menu*, and what stands under it: all of that can be begun while the notice is known.

    One that was said unasked tells when, *at*, or bears the number of the *contact* that it went to.
    """

    menu: int
    text: str
    begins: tuple[Begins, ...]
    at: datetime | None = None
    contact: int | None = None


@dataclass(slots=True)
class Withheld:
    """What was under way before it was asked whose the number is, and what was *said* that waits for the answer.

    *answers* names the message that this answered, *heard_at* is when the person was heard before.
    """

    frames: list[Frame]
    menu: Menu | None
    said: Said | None = None
    answers: str | None = None
    heard_at: datetime | None = None


@dataclass(slots=True)
class State:
    """A conversation. *menus* counts the menus shown; *misreads* the replies in a row that could not be read.

    While something is *withheld*, nothing of it is said. *notices* are the last ones, the newest last; *told_at* is
    when the last one was said unasked.
    """

    language: str = "en"
    frames: list[Frame] = field(default_factory=list)
    menu: Menu | None = None
    menus: int = 0
    misreads: int = 0
    ended: Ended | None = None
    withheld: Withheld | None = None
    notices: list[Notice] = field(default_factory=list)
    told_at: datetime | None = None

    def add_notice(
        self, text: str, begins: Iterable[Begins], at: datetime | None = None, contact: int | None = None
    ) -> Notice:
        """Number a notice and keep it; the oldest of too many is forgotten. *contact*: it goes there unasked."""
        self.menus += 1
        new = Notice(menu=self.menus, text=text, begins=tuple(begins), at=at, contact=contact)
        self.notices = [*self.notices, new][-_NOTICES:]
        return self.notices[-1]

    def notice(self, menu: int | None) -> Notice | None:
        """Return the notice with a number, if it is known and nothing is withheld."""
        known = self.notices if self.withheld is None else ()
        return next((one for one in known if one.menu == menu), None)

    def last_shown(self) -> Notice | None:
        """Return the newest notice where no menu was shown since, so that a number means what stands under it."""
        return self.notice(self.menus)

    def withhold(
        self, said: Said | None = None, *, answers: str | None = None, heard_at: datetime | None = None
    ) -> None:
        """Put all aside that is under way, with what was just *said*."""
        self.withheld = Withheld(self.frames, self.menu, said, answers, heard_at)
        self.frames, self.menu, self.misreads = [], None, 0

    def give_back(self) -> None:
        """Take up again what was put aside."""
        if self.withheld is not None:
            self.frames, self.menu, self.misreads = self.withheld.frames, self.withheld.menu, 0
            self.withheld = None

    def to_json(self) -> dict[str, Any]:
        """Return the state as JSON can hold it."""
        more: dict[str, Any] = {"withheld": _withheld_to_json(self.withheld)} if self.withheld is not None else {}
        if self.notices:
            more["notices"] = [
                [
                    one.menu,
                    one.text,
                    [[each.label, each.script, list(each.args)] for each in one.begins],
                    one.at.isoformat() if one.at else None,
                    one.contact,
                ]
                for one in self.notices
            ]
        if self.told_at is not None:
            more["told_at"] = self.told_at.isoformat()
        return {
            "release": 1,
            "language": self.language,
            "frames": _frames_to_json(self.frames),
            "menu": _menu_to_json(self.menu) if self.menu else None,
            "menus": self.menus,
            "misreads": self.misreads,
            "ended": [self.ended.menu, self.ended.text] if self.ended else None,
            **more,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any], scripts: frozenset[str]) -> State:
        """Read a state; what belongs to a script that this release does not have is left out."""
        return cls(
            language=body["language"],
            frames=_frames_from_json(body["frames"], scripts),
            menu=_menu_from_json(body["menu"]) if body["menu"] else None,
            menus=body["menus"],
            misreads=body["misreads"],
            ended=Ended(menu=body["ended"][0], text=body["ended"][1]) if body.get("ended") else None,
            withheld=_withheld_from_json(body["withheld"], scripts) if body.get("withheld") else None,
            notices=list(_notices_from_json(body.get("notices", ()), scripts)),
            told_at=datetime.fromisoformat(body["told_at"]) if body.get("told_at") else None,
        )


def _notices_from_json(rows: Iterable[Any], scripts: frozenset[str]) -> Iterator[Notice]:
    """Read notices; one with something that this release does not have is left out as a whole."""
    for menu, text, begins, at, contact in rows:
        if all(script in scripts for _, script, _ in begins):
            known = (Begins(label=label, script=script, args=_pairs(args)) for label, script, args in begins)
            when = datetime.fromisoformat(at) if at else None
            yield Notice(menu=menu, text=text, begins=tuple(known), at=when, contact=contact)


def _pairs(args: Iterable[Any]) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(value)) for name, value in args)


def _frames_to_json(frames: Iterable[Frame]) -> list[list[Any]]:
    return [[one.script, one.args, one.ledger.to_json()] for one in frames]


def _frames_from_json(rows: Iterable[Any], scripts: frozenset[str]) -> list[Frame]:
    return [
        Frame(script, dict(args), Ledger.from_json(entries, RENAMED))
        for script, args, entries in rows
        if script in scripts
    ]


_SAID = TypeAdapter(Said | None)


def _withheld_to_json(withheld: Withheld) -> dict[str, Any]:
    return {
        "frames": _frames_to_json(withheld.frames),
        "menu": _menu_to_json(withheld.menu) if withheld.menu else None,
        "said": _SAID.dump_python(withheld.said, mode="json"),
        "answers": withheld.answers,
        "heard_at": withheld.heard_at.isoformat() if withheld.heard_at else None,
    }


def _withheld_from_json(body: Mapping[str, Any], scripts: frozenset[str]) -> Withheld:
    return Withheld(
        frames=_frames_from_json(body["frames"], scripts),
        menu=_menu_from_json(body["menu"]) if body["menu"] else None,
        said=_SAID.validate_python(body["said"]),
        answers=body["answers"],
        heard_at=datetime.fromisoformat(body["heard_at"]) if body["heard_at"] else None,
    )


def _menu_to_json(menu: Menu) -> dict[str, Any]:
    return {
        "number": menu.number,
        "key": menu.key,
        "given": menu.given,
        "text": menu.text,
        "shown": [[one.label, one.detail, one.value, list(one.reopens), one.more] for one in menu.shown],
        "narrow": menu.narrow.to_json() if menu.narrow else None,
        "page": menu.page,
        "wants_location": menu.wants,
        "answers": {str(number): dict(one.answers) for number, one in enumerate(menu.shown) if one.answers},
    }


def _menu_from_json(body: Mapping[str, Any]) -> Menu:
    answers = body.get("answers", {})
    shown = (
        Shown(
            label=label,
            detail=detail,
            value=value,
            reopens=tuple(reopens),
            more=more,
            answers=answers.get(str(number), {}),
        )
        for number, (label, detail, value, reopens, more) in enumerate(body["shown"])
    )
    return Menu(
        number=body["number"],
        key=body["key"],
        given=body["given"],
        text=body["text"],
        shown=tuple(shown),
        narrow=Narrow.from_json(body["narrow"]) if body["narrow"] else None,
        page=body["page"],
        wants=body["wants_location"],
    )
