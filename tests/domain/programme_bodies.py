"""Bodies of programmes that `programmes.from_mapping` accepts, made at random for properties."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from domain.services import KINDS

KEYS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,12}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(str.strip)
DAYS = st.integers(0, 400)
_EXTRA = {"de": TEXTS | st.just(" "), "pt-BR": TEXTS}


def _shuffled(words: dict[str, str]) -> st.SearchStrategy[dict[str, str]]:
    return st.permutations(list(words.items())).map(dict)


_BY_LANGUAGE = st.fixed_dictionaries({"en": TEXTS, "fr": TEXTS, "es": TEXTS}, optional=_EXTRA).flatmap(_shuffled)
WORDS = TEXTS | _BY_LANGUAGE
_DECISIONS: list[st.SearchStrategy[dict[str, Any]]] = [
    st.just({}),
    st.fixed_dictionaries({"decides": st.just("fine")}, optional={"because": WORDS, "wait_days": DAYS}),
    st.fixed_dictionaries({"decides": st.just("refer"), "because": WORDS}),
    st.fixed_dictionaries({"decides": st.just("ineligible"), "because": WORDS}, optional={"wait_days": DAYS}),
    st.fixed_dictionaries({"decides": st.just("not-before"), "because": WORDS, "wait_days": st.integers(1, 400)}),
]


_OWN = {"text": WORDS, "telegram": WORDS, "whatsapp": WORDS, "sms": WORDS}
_REMINDERS: st.SearchStrategy[dict[str, Any]] = (
    st.just({"off": True})
    | st.fixed_dictionaries({"days": st.integers(1, 60)}, optional={"at": st.sampled_from(["09:00", "17:30"]), **_OWN})
    | st.fixed_dictionaries({"hours": st.integers(1, 60)}, optional=_OWN)
)
_WAIT: st.SearchStrategy[dict[str, Any]] = st.just({}) | st.fixed_dictionaries({"wait_days": DAYS, "because": WORDS})


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """Make a whole body; each of its parts may be missing."""
    groups = draw(st.dictionaries(KEYS, WORDS, max_size=3))
    products = draw(st.lists(KEYS, unique=True, max_size=3))
    body = draw(
        st.fixed_dictionaries(
            {"key": KEYS, "title": WORDS},
            optional={
                "bring": WORDS,
                "lead_minutes": DAYS,
                "service": st.sampled_from(list(KINDS)),
                "product": st.fixed_dictionaries({"cvx": st.sampled_from(["207", "8"]), "display": TEXTS}),
                "groups": st.just(groups),
                "products": st.just(products),
                "product_codes": st.dictionaries(st.sampled_from(products or [""]), st.lists(TEXTS, max_size=2)),
                "age": st.just({}) | st.fixed_dictionaries({"because": WORDS}, optional={"from": st.integers(0, 99)}),
                "reserve": st.none() | st.fixed_dictionaries({}, optional={"share": st.just(25), "low_stock": DAYS}),
                "reminders": st.dictionaries(KEYS, _REMINDERS, max_size=3),
                "quiet": st.just({"from": "22:00", "until": "07:30"}),
                "changes": st.fixed_dictionaries({}, optional={"move_hours": DAYS, "moves": DAYS}),
                "missed": st.fixed_dictionaries({}, optional={"after_hours": st.integers(0, 168), "text": WORDS}),
                "doses": st.lists(_doses(), unique_by=lambda dose: str(dose["key"]), max_size=3),
            },
        )
    )  # fmt: skip
    if not products or "products" not in body:
        body.pop("product_codes", None)
    elif draw(st.booleans()):
        body["same_product"] = True
    return body | {"criteria": draw(_criteria(list(groups)))}


def _doses() -> st.SearchStrategy[dict[str, Any]]:
    later = {"after_days": DAYS, "before_days": st.just(0) | st.integers(401, 800)}
    return st.fixed_dictionaries({"key": KEYS | st.integers(1, 9)}, optional=later)


@st.composite
def _criteria(draw: st.DrawFn, groups: list[str]) -> list[dict[str, Any]]:
    criteria: list[dict[str, Any]] = []
    offered: dict[str, list[str]] = {}
    for key in draw(st.lists(KEYS, unique=True, max_size=4)):
        is_day = draw(st.booleans())
        criterion: dict[str, Any] = draw(
            st.fixed_dictionaries({"text": WORDS}, optional={"why": WORDS, "keeps": st.booleans()})
        )
        keys = draw(st.lists(KEYS | st.just("date"), unique=True, min_size=0 if is_day else 2, max_size=3))
        if is_day:
            keys = [one for one in keys if one != "date" and not one[:4].isdecimal()]
            criterion |= {"kind": "date"} | draw(_WAIT)
        if draw(st.booleans()) and offered:
            criterion["when"] = draw(_when(offered))
        options = [draw(_option(one, groups)) for one in keys]
        criteria.append({"key": key, **criterion, "options": options})
        offered[key] = [*keys, "date"] if is_day else keys
    return criteria


@st.composite
def _when(draw: st.DrawFn, offered: dict[str, list[str]]) -> dict[str, Any]:
    asked = draw(st.lists(st.sampled_from(list(offered)), unique=True, max_size=3))
    several = {one: st.lists(st.sampled_from(offered[one]), min_size=1, max_size=3) for one in asked}
    return {one: draw(several[one] | st.sampled_from(offered[one])) for one in asked}


@st.composite
def _option(draw: st.DrawFn, key: str, groups: list[str]) -> dict[str, Any]:
    option = {"key": key, "label": draw(WORDS)} | draw(st.one_of(_DECISIONS))
    if draw(st.booleans()) and groups:
        option["group"] = draw(st.sampled_from([*groups, ""]))
    return option
