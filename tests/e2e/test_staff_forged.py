"""A patient types and forges all that members of staff can type and tap: nothing changes, and nothing is shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from dialogs import staff_words
from dialogs.readers.fold import fold
from dialogs.scripts.staff import STAFF_SCRIPTS
from dialogs.staff_examples import args_for_staff
from domain.store import tables
from tests.conftest import Clock
from tests.e2e.clinic import Clinic
from tests.e2e.people import Phone, write_all
from tests.e2e.staff import CHANNELS, GROUP, in_group, invited
from webhooks.simulator.phones import TelegramPhone

#: What only readers understand, in each language; every reader has some.
SPOKEN = (
    "digest at 7:30",
    "day 3 March",
    "broadcast",
    "tomorrow",
    "weekly report",
    "report last month",
    "stop the broadcast",
    "hand back",
    "tasks",
    "off on Friday",
    "close thursday",
    "open thursday",
    "capacity 6 on thursday morning",
    "hours monday 9 to 12",
    "I am ill today",
    "arrived {reference}",
    "arrivé {reference}",
    "llegó {reference}",
    "missed {reference}",
    "absent Silva",
    "no vino Silva",
    "find {reference}",
    "find Silva",
    "chercher Silva",
    "buscar Silva",
    "{reference}",
    "done {reference}",
    "fait {reference}",
    "vacunado Silva",
    "undo {reference}",
    "pas fait Silva",
    "no hecho {reference}",
    "stock in 50 flu-standard lot AB123 until 2027-12-31",
    "reçu 50 flu-standard lot AB123 jusqu'au 31 décembre 2027",
    "recibido 50 flu-standard lote AB123 hasta el 31 de diciembre de 2027",
    "wasted 2 A12",
    "utilisé 2 A12",
    "usado 2 A12",
    "call me Otto",
    "je m'appelle Otto",
    "me llamo Otto",
)
#: Callback data of every shape: of menus and notices that others have, and of none.
DATA = (
    *(f"{menu}:{option}" for menu in range(1, 9) for option in (0, 1)),
    *("", ":", "0:0", "-1:0", "-7:1", "1:-1", "1:999", "999999999:0", "9999999999:0", "1:0:serve", "serve:1"),
    *("mark_1_arrived", '{"script":"serve","visit":1}', "١:٠", "1 : 0"),
)
KEPT = ("staff", "staff_post", "staff_invite", "staff_group", "appointment", "slot", "lot", "stock_movement", "serving")


def words(reference: str) -> Iterator[str]:
    """Yield all that staff may type, with the scripts and their arguments as commands."""
    for subject in staff_words.SUBJECTS:
        for phrases in subject.PHRASES.values():
            yield from phrases.split("|")
    yield from (one.format(reference=reference) for one in SPOKEN)
    for script in STAFF_SCRIPTS:
        yield f"/{script}"
        yield from ("_".join((f"/{script}", *args.values())) for args in args_for_staff(script) if args)
    yield from ("/start join_ABCD2345", "JOIN ABCD2345", f"/start arrived_{reference}", "/start here_1")


async def kept(clinic: Clinic) -> list[tuple[Any, ...]]:
    """Return all rows that staff change, and tasks and looks but for those that a patient may cause."""
    rows: list[tuple[Any, ...]] = []
    async with clinic.app.database.read() as connection:
        for name in KEPT:
            table = tables.metadata.tables[name]
            found = await connection.execute(select(table).order_by(*table.primary_key))
            rows += [(name, *row) for row in found]
        task = tables.task
        others = task.c.kind.not_in(["person", "stuck"])  # whoever writes may ask for a person
        rows += [tuple(row) for row in await connection.execute(select(task).where(others))]
        rows += [tuple(row) for row in await connection.execute(select(tables.access_event))]
    return rows


async def told(clinic: Clinic, since: int) -> str:
    """Return all that was queued after the row *since*."""
    table = tables.outbox
    async with clinic.app.database.read() as connection:
        found = await connection.execute(select(table.c.payload).where(table.c.id > since))
        return "\n".join(str(payload) for payload in found.scalars())


async def forge(phone: Phone, data: str) -> None:
    """Send callback data that no button has."""
    if isinstance(phone, TelegramPhone):
        chat = GROUP if phone.chat_id == GROUP["id"] else {"id": phone.chat_id, "type": "private"}
        await phone.send(
            "callback_query",
            {
                "id": f"forged{data}",
                "from": phone.user,
                "chat_instance": "1",
                "data": data,
                "message": {"message_id": 1, "date": 1, "chat": chat},
            },
        )
        return
    for name in ("ButtonPayload", "ListId"):
        phone.fields = {name: data}
        await phone.say("x")
    phone.fields = {}


async def test_every_reader_of_staff_words_has_examples() -> None:
    spoken = [one.format(reference="ABC234") for one in SPOKEN]
    for subject in staff_words.SUBJECTS:
        for reader in subject.READERS:
            assert any(reader(fold(one), one) is not None for one in spoken), reader.__name__


@pytest.mark.parametrize("channel", [*CHANNELS, "group"])
async def test_nothing_of_staff_is_open_to_a_patient(
    idle: Clinic, clock: Clock, capsys: pytest.CaptureFixture[str], channel: str
) -> None:
    other = idle.phone("sms")
    await write_all(other, "booked")
    reference = await idle.value("SELECT reference FROM v_appointment")
    nurse = in_group(idle) if channel == "group" else idle.phone(channel)
    code = await invited(idle, capsys, "administrator")
    assert 200 == await nurse.say(f"/join_{code}" if isinstance(nurse, TelegramPhone) else f"JOIN {code}")
    for wish in (f"find {reference}", "next", "stock", "team"):  # real notices, with real numbers
        assert 200 == await nurse.say(wish)
    assert 4 <= len(await idle.column("SELECT id FROM outbox WHERE menu IS NOT NULL AND contact_id > 1"))
    patient = in_group(idle) if channel == "group" else idle.phone(channel)
    before, since = await kept(idle), int(await idle.value("SELECT max(id) FROM outbox"))
    for text in words(reference):
        assert 200 == await patient.say(text)
    for data in DATA:
        await forge(patient, data)
    assert before == await kept(idle)
    said = await told(idle, since)
    assert len(said) > 1000
    assert not any(word in said for word in ("Silva", f"Reference {reference}", "on hand", "desk for staff"))
    assert not any(word in said for word in ("Which visit?", "How many doses", "What did the person come for"))
    assert {} == await idle.breaches()
