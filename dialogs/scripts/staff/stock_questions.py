"""What is asked about doses that come or go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dialogs.questions import Option, Question
from dialogs.script import fingerprint
from dialogs.stock_readers import CountReader, ExpiryReader, LotReader
from dialogs.text import Day, Text, say
from domain.staff.serving_commands import LotInHand
from domain.staff.stock_commands import Movement

_HOW_MANY: Mapping[Movement, Text] = {
    Movement.DELIVERY: say("How many doses came?"),
    Movement.USED: say("How many doses were used?"),
    Movement.LOSS: say("How many doses were lost?"),
}


def how_many(kind: Movement) -> Question[int]:
    """Ask how many doses."""
    return Question(
        key="doses",
        text=_HOW_MANY[kind],
        type=int,
        reader=CountReader(),
        help=(say("Please write the number of doses in digits."),),
        samples=(50,),
    )


def which_product(products: Sequence[str]) -> Question[str]:
    """Ask of which product."""
    return Question(
        key="product",
        text=say("Which product?"),
        type=str,
        options=tuple(Option(label=product, value=product) for product in products),
        given=fingerprint(products),
        samples=() if products else ("vaccine",),
    )


def which_lot(product: str, lots: Sequence[LotInHand], *, is_new: bool) -> Question[str]:
    """Ask which lot, of those that are known or of one that comes for the first time."""
    shown = lots[:9]
    return Question(
        key="lot",
        text=say("Which lot of {product}? You can write its number.", product=product),
        type=str,
        options=tuple(
            Option(
                label=say("Lot {number}", number=lot.number),
                value=lot.number,
                detail=say("{doses} on hand, expires {day}", doses=lot.on_hand, day=Day(lot.expires_on)),
            )
            for lot in shown
        ),
        reader=LotReader(tuple(lot.number for lot in lots), is_new),
        help=(say("The number of the lot stands on the box."),),
        given=fingerprint((product, [lot.number for lot in lots])),
        samples=("AB123",) if is_new else (),
        takes_anything=is_new,
    )


def expiry() -> Question[date]:
    """Ask until when a lot is good."""
    return Question(
        key="until",
        text=say("Until when is it good? You can write it as it stands on the box."),
        type=date,
        reader=ExpiryReader(),
        help=(say("Numbers will do: 31 01 2027 means 31 January 2027."),),
        samples=(date(2028, 1, 31),),
    )
