"""What comes from people and waits for the bot: button presses to answer, updates to poll for."""

from datetime import timedelta

from webhooks.simulator.exchange import Payload, RefusedError
from webhooks.simulator.telegram_chats import CallbackAnswer
from webhooks.simulator.telegram_parameters import bad
from webhooks.simulator.telegram_world import World

TAP_LIVES = timedelta(seconds=150)
LONGEST_ANSWER = 200
NOT_UNASKED = {"chat_member", "message_reaction", "message_reaction_count"}
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
OTHER_POLL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


def answer_callback_query(world: World, values: Payload) -> bool:
    """End the progress bar of a press that is known and young enough."""
    tap = world.taps.get(values["callback_query_id"])
    if tap is None or world.now() - tap.at > TAP_LIVES:
        raise RefusedError(
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
            circumstance=True,
        )
    if len(values.get("text", "")) > LONGEST_ANSWER:
        raise bad("MESSAGE_TOO_LONG")
    if "url" in values:
        raise bad("URL_INVALID")
    answer = CallbackAnswer(
        query_id=tap.query_id,
        user_id=tap.user_id,
        chat_id=tap.chat_id,
        text=values.get("text", ""),
        show_alert=values.get("show_alert", False),
        at=world.now(),
    )
    world.callback_answers.append(answer)
    chat = tap.chat_id if tap.chat_id is not None else tap.user_id
    world.exchange.tell("answered", provider="telegram", recipient=str(chat), query_id=tap.query_id, text=answer.text)
    return True


async def get_updates(world: World, values: Payload) -> list[Payload]:
    """Give what is queued from the offset on, waiting for something as long as asked to."""
    if world.webhook:
        raise RefusedError(WEBHOOK_ACTIVE, status=409)
    world.poll += 1
    mine = world.poll
    world.exchange.changed()
    _forget(world, values.get("offset", 0))
    await world.exchange.until(
        lambda: True if world.poll != mine or _waiting(world, values) else None, values.get("timeout", 0)
    )
    if world.poll != mine:
        raise RefusedError(OTHER_POLL, status=409)
    return _waiting(world, values)


def _forget(world: World, offset: int) -> None:
    """Drop what *offset* confirms; a negative one leaves only so many of the newest."""
    if offset < 0:
        world.updates[:] = world.updates[offset:]
    else:
        world.updates[:] = [update for update in world.updates if update["update_id"] >= offset]


def _waiting(world: World, values: Payload) -> list[Payload]:
    wanted = set(values.get("allowed_updates", []))
    fitting = [update for update in world.updates if _is_wanted(update, wanted)]
    return fitting[: values.get("limit", 100)]


def _is_wanted(update: Payload, wanted: set[str]) -> bool:
    kinds = set(update) - {"update_id"}
    return bool(kinds & wanted) if wanted else not kinds & NOT_UNASKED
