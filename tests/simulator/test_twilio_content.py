"""What the Content API double accepts, approves and fills in."""

import json
from datetime import timedelta

import pytest

from tests.simulator.conftest import Twilio
from tests.simulator.test_twilio_rules import NUMBER, OURS, PERSON
from webhooks.simulator.exchange import Payload
from webhooks.simulator.twilio_shown import Item, Reply


def replies(count: int, body: str = "Choose", title: str = "Title #") -> Payload:
    actions = [
        {"type": "QUICK_REPLY", "title": title.replace("#", str(place)), "id": str(place)} for place in range(count)
    ]
    return {"twilio/quick-reply": {"body": body, "actions": actions}}


def items(count: int, **held: str) -> Payload:
    made = [{"id": str(place), "item": f"Item {place}", "description": "x", **held} for place in range(count)]
    return {"twilio/list-picker": {"body": "Choose", "button": "Times", "items": made}}


def text(body: str) -> Payload:
    return {"twilio/text": {"body": body}}


PLACE = {"twilio/location": {"latitude": 51.5, "longitude": -0.1, "label": "Centre"}}

CREATED: list[tuple[str, Payload]] = [
    ("text", text("Hello {{1}}, see you")),
    ("ten quick replies", replies(10)),
    ("titles of 20", replies(1, title="x" * 20)),
    ("variable titles", replies(1, title="{{1}}")),
    ("ten items", items(10)),
    (
        "a body that is a variable, in a list",
        {"twilio/list-picker": {**items(1)["twilio/list-picker"], "body": "{{1}}"}},
    ),
    ("a place", PLACE),
    ("text beside a rich type", {**replies(2), **text("Choose 1 or 2")}),
    ("nulls as the SDK writes them", {**text("Hello"), "twilio/card": None}),
]

NOT_CREATED: list[tuple[str, Payload, int]] = [
    ("no type", {}, 20422),
    ("unknown type", {"twilio/pigeon": {"body": "x"}}, 20001),
    ("unknown field", {"twilio/text": {"body": "x", "colour": "red"}}, 20001),
    ("no body", {"twilio/text": {}}, 20422),
    ("body no string", {"twilio/text": {"body": 5}}, 20422),
    ("blank body", text(" "), 20422),
    ("no buttons", replies(0), 20422),
    ("eleven buttons", replies(11), 20422),
    ("title of 21", replies(1, title="x" * 21), 20422),
    ("equal titles", replies(2, title="x"), 20422),
    (
        "button of another kind",
        {"twilio/quick-reply": {"body": "x", "actions": [{"type": "URL", "title": "x"}]}},
        20422,
    ),
    ("body of 1025", replies(1, body="x" * 1025), 20422),
    ("body begins with a variable", replies(1, body="{{1}} is free"), 20422),
    ("body ends with a variable", replies(1, body="Free: {{1}} "), 20422),
    ("adjacent variables", replies(1, body="At {{1}} {{2}} sharp"), 20422),
    ("variable with a space", text("Hello {{a name}}!"), 20422),
    ("no items", items(0), 20422),
    ("eleven items", items(11), 20422),
    ("item of 25", items(1, item="x" * 25), 20422),
    ("description of 73", items(1, description="x" * 73), 20422),
    ("id of 201", items(1, id="x" * 201), 20422),
    ("equal ids", items(2, id="x"), 20422),
    ("list button of 21", {"twilio/list-picker": {**items(1)["twilio/list-picker"], "button": "x" * 21}}, 20422),
    ("no longitude", {"twilio/location": {"latitude": 1}}, 20422),
    ("off the earth", {"twilio/location": {"latitude": 91, "longitude": 1}}, 20422),
]


@pytest.mark.parametrize("types", [row[1] for row in CREATED], ids=[row[0] for row in CREATED])
async def test_correct_content_is_created(twilio: Twilio, types: Payload) -> None:
    status, body = await twilio.create_content(types, friendly_name="x")

    assert 201 == status, body
    assert {kind: held for kind, held in types.items() if held is not None} == body["types"]
    assert (200, body) == await twilio.request("GET", body["url"])


@pytest.mark.parametrize(("types", "code"), [row[1:] for row in NOT_CREATED], ids=[row[0] for row in NOT_CREATED])
async def test_wrong_content_is_refused(twilio: Twilio, types: Payload, code: int) -> None:
    status, body = await twilio.create_content(types)

    assert (400, code) == (status, body["code"])
    assert {} == twilio.double.contents


@pytest.mark.parametrize(
    "rest", [{"language": "English"}, {"colour": "red"}, {"variables": {"1": 5}}, {"variables": {"9": "x"}}]
)
async def test_a_wrong_frame_is_refused(twilio: Twilio, rest: Payload) -> None:
    body = {"language": "en", "types": text("Hello {{1}}!"), **rest}

    assert 400 == (await twilio.request("POST", f"{twilio.root}/v1/Content", body=body))[0]


async def test_contents_are_listed_and_deleted(twilio: Twilio) -> None:
    made = [(await twilio.create_content(text(f"Hello {place}")))[1]["sid"] for place in range(3)]
    _, listed = await twilio.request("GET", f"{twilio.root}/v1/Content?PageSize=2")
    assert made[:2] == [content["sid"] for content in listed["contents"]]
    assert ("contents", 2) == (listed["meta"]["key"], listed["meta"]["page_size"])
    _, listed = await twilio.request("GET", listed["meta"]["next_page_url"])
    assert (made[2:], None) == (
        [content["sid"] for content in listed["contents"]],
        listed["meta"]["next_page_url"],
    )

    assert 204 == (await twilio.request("DELETE", f"{twilio.root}/v1/Content/{made[0]}"))[0]
    assert 404 == (await twilio.request("GET", f"{twilio.root}/v1/Content/{made[0]}"))[0]


async def made(twilio: Twilio, types: Payload, **variables: str) -> str:
    status, body = await twilio.create_content(types, variables=variables)
    assert 201 == status, body
    sid: str = body["sid"]
    return sid


async def submit(twilio: Twilio, sid: str, name: str = "reminder_1", category: str = "UTILITY") -> tuple[int, Payload]:
    url = f"{twilio.root}/v1/Content/{sid}/ApprovalRequests/whatsapp"
    return await twilio.request("POST", url, body={"name": name, "category": category})


async def send(twilio: Twilio, sid: str, to: str = PERSON, **values: object) -> tuple[int, Payload]:
    sender = f"whatsapp:{OURS}" if to == PERSON else OURS
    return await twilio.send(To=to, From=sender, ContentSid=sid, ContentVariables=json.dumps(values))


async def test_a_template_reaches_people_outside_the_window_when_it_is_approved(twilio: Twilio) -> None:
    sid = await made(twilio, text("Your visit is on {{1}}. See you!"), **{"1": "Monday"})
    assert "pending" == (await submit(twilio, sid))[1]["status"]
    _, unapproved = await send(twilio, sid, **{"1": "Tuesday"})
    twilio.double.approve(sid)
    _, approved = await send(twilio, sid, **{"1": "Wednesday"})
    await twilio.double.deliver_receipts()

    assert 63016 == twilio.double.messages[unapproved["sid"]].error_code
    assert ["Your visit is on Wednesday. See you!"] == [message.body for message in twilio.double.screen(PERSON)]
    assert ("delivered", None) == (
        twilio.double.messages[approved["sid"]].status,
        twilio.double.messages[approved["sid"]].error_code,
    )
    _, told = await twilio.request("GET", f"{twilio.root}/v1/Content/{sid}/ApprovalRequests")
    assert "approved" == told["whatsapp"]["status"]


NOT_APPROVABLE: list[tuple[str, Payload, Payload, str]] = [
    ("a list", items(2), {}, "x"),
    ("a place", PLACE, {}, "x"),
    ("no sample", text("On {{1}} then"), {}, "x"),
    ("ends with a variable", text("On {{1}}"), {"1": "x"}, "x"),
    ("a name in capitals", text("Hello"), {}, "Reminder"),
    ("a title that varies", replies(1, title="{{1}}"), {"1": "x"}, "x"),
    ("1025 characters with its samples", text("On {{1}}, " + "x" * 1000), {"1": "x" * 30}, "x"),
]


@pytest.mark.parametrize(
    ("types", "variables", "name"), [row[1:] for row in NOT_APPROVABLE], ids=[row[0] for row in NOT_APPROVABLE]
)
async def test_what_can_never_be_approved_is_refused(
    twilio: Twilio, types: Payload, variables: dict[str, str], name: str
) -> None:
    sid = await made(twilio, types, **variables)

    assert 400 == (await submit(twilio, sid, name))[0]


async def test_a_category_is_one_of_metas(twilio: Twilio) -> None:
    assert 400 == (await submit(twilio, await made(twilio, text("Hello")), category="CHAT"))[0]


async def test_a_name_serves_one_template_of_a_language(twilio: Twilio) -> None:
    first, second = await made(twilio, text("Hello")), await made(twilio, text("Good day"))
    assert 201 == (await submit(twilio, first, "greeting"))[0]
    assert 409 == (await submit(twilio, second, "greeting"))[0]
    assert 201 == (await submit(twilio, second, "another_greeting"))[0]


async def test_nothing_is_approved_for_which_nobody_asked(twilio: Twilio) -> None:
    sid = await made(twilio, text("Hello"))
    with pytest.raises(ValueError, match="nobody asked"):
        twilio.double.approve(sid)


async def test_a_template_that_is_paused_is_not_sent(twilio: Twilio) -> None:
    sid = await made(twilio, text("Hello"))
    await submit(twilio, sid)
    twilio.double.approve(sid)
    twilio.double.pause(sid)
    _, paused = await send(twilio, sid)
    await twilio.double.deliver_receipts()
    assert 63041 == twilio.double.messages[paused["sid"]].error_code


async def test_approval_may_come_by_itself_and_be_withdrawn(twilio: Twilio) -> None:
    twilio.double.account.auto_approve = True
    sid = await made(twilio, text("Hello"))
    assert "approved" == (await submit(twilio, sid))[1]["status"]
    assert 409 == (await submit(twilio, sid))[0]

    twilio.double.reject(sid, "promotion")
    assert not twilio.double.contents[sid].is_approved


WRONG_VALUES: list[tuple[str, str, int]] = [
    ("too few", '{"1": "a"}', 63028),
    ("too many", '{"1": "a", "2": "b", "3": "c"}', 63028),
    ("none", "", 63028),
    ("no JSON", "{1: a}", 21656),
    ("no object", '["a", "b"]', 21656),
    ("no string", '{"1": "a", "2": 5}', 21656),
    ("an empty one", '{"1": "a", "2": " "}', 63013),
    ("256 characters", json.dumps({"1": "a", "2": "x" * 256}), 21658),
    ("a title of 21", json.dumps({"1": "a", "2": "x" * 21}), 63021),
]


@pytest.mark.parametrize(("values", "code"), [row[1:] for row in WRONG_VALUES], ids=[row[0] for row in WRONG_VALUES])
async def test_values_must_fit_the_content(twilio: Twilio, values: str, code: int) -> None:
    twilio.double.heard(PERSON, "hi")
    sid = await made(twilio, replies(1, body="On {{1}}?", title="{{2}}"))

    status, body = await twilio.send(To=PERSON, From=f"whatsapp:{OURS}", ContentSid=sid, ContentVariables=values)

    assert (400, code) == (status, body["code"])


@pytest.mark.parametrize("value", ["two\nlines", "a\ttab", "five     spaces"])
async def test_a_template_takes_no_line_breaks(twilio: Twilio, value: str) -> None:
    sid = await made(twilio, text("On {{1}}, then"), **{"1": "x"})
    await submit(twilio, sid)
    twilio.double.approve(sid)

    assert 63013 == (await send(twilio, sid, **{"1": value}))[1]["code"]
    twilio.double.heard(PERSON, "hi")
    assert 201 == (await send(twilio, sid, **{"1": value}))[0]


async def test_a_session_shows_three_quick_replies_and_a_template_ten(twilio: Twilio) -> None:
    twilio.double.heard(PERSON, "hi")
    three, four = await made(twilio, replies(3)), await made(twilio, replies(4))

    assert 201 == (await send(twilio, three))[0]
    assert (400, 63021) == ((refused := await send(twilio, four))[0], refused[1]["code"])
    await submit(twilio, four)
    twilio.double.approve(four)
    assert 201 == (await send(twilio, four))[0]


async def test_a_phone_shows_quick_replies_lists_and_places(twilio: Twilio) -> None:
    twilio.double.heard(PERSON, "hi")
    await send(twilio, await made(twilio, {**replies(1, title="At {{1}}"), **text("Reply 1")}), **{"1": "10:00"})
    await send(twilio, await made(twilio, items(2)))
    await send(twilio, await made(twilio, PLACE))

    quick, picker, place = twilio.double.screen(PERSON)
    assert (Reply("At 10:00", "0"),) == quick.replies
    assert (Item("0", "Item 0", "x"), Item("1", "Item 1", "x")) == picker.items
    assert "Times" == picker.shown.list_button
    assert place.location is not None
    assert "Centre" == place.location.label


async def test_an_sms_shows_the_text_beside_the_rich_type(twilio: Twilio) -> None:
    both, rich = await made(twilio, {**replies(1), **text("Reply 1")}), await made(twilio, replies(1))

    assert 201 == (await send(twilio, both, to=NUMBER))[0]
    assert "Reply 1" == twilio.double.screen(NUMBER)[-1].body
    assert 63005 == (await send(twilio, rich, to=NUMBER))[1]["code"]


async def test_a_list_fails_outside_the_window(twilio: Twilio) -> None:
    twilio.double.heard(PERSON, "hi")
    sid = await made(twilio, items(1))
    twilio.clock.pass_by(timedelta(hours=25))

    assert 201 == (await send(twilio, sid))[0]
    assert [63016] == [receipt.code for receipt in twilio.double.pending_receipts]
