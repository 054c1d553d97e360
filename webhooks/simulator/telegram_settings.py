"""The methods that set a bot up: webhook, commands, descriptions, menu button."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from webhooks.simulator.exchange import Payload, RefusedError
from webhooks.simulator.telegram_parameters import bad
from webhooks.simulator.telegram_world import World

PORTS = (443, 80, 88, 8443)
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
BETWEEN_WEBHOOKS = timedelta(seconds=1)


def get_me(world: World, _: Payload) -> Payload:
    rights = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return {**world.bot, **rights}


def set_webhook(world: World, values: Payload) -> bool:
    """Register the address; the same again changes nothing, another within a second is refused."""
    wanted = {name: value for name, value in values.items() if name != "drop_pending_updates"}
    if values["url"] == "":
        return delete_webhook(world, values)
    _check_address(values["url"])
    if "secret_token" in values and not SECRET.fullmatch(values["secret_token"]):
        raise bad("secret token contains unallowed characters")
    kept = {"allowed_updates": world.webhook["allowed_updates"]} if "allowed_updates" in world.webhook else {}
    if {**kept, **wanted} != world.webhook:
        _check_pace(world)
        world.webhook, world.webhook_set_at = {**kept, **wanted}, world.now()
    _drop_pending(world, values)
    return True


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError as error:
        raise bad(f"bad webhook: {error}") from error
    if parts.scheme != "https" or not parts.hostname:
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _check_pace(world: World) -> None:
    if world.webhook_set_at is not None and world.now() - world.webhook_set_at < BETWEEN_WEBHOOKS:
        raise RefusedError("Too Many Requests", status=429, retry_after=1, circumstance=True)


def _drop_pending(world: World, values: Payload) -> None:
    if values.get("drop_pending_updates"):
        world.updates.clear()


def delete_webhook(world: World, values: Payload) -> bool:
    world.webhook = {}
    _drop_pending(world, values)
    return True


def get_webhook_info(world: World, _: Payload) -> Payload:
    told = {name: world.webhook[name] for name in ("allowed_updates",) if name in world.webhook}
    return {
        "url": world.webhook.get("url", ""),
        "has_custom_certificate": "certificate" in world.webhook,
        "pending_update_count": len(world.updates),
        "max_connections": world.webhook.get("max_connections", 40),
        **told,
    }


def set_my_commands(world: World, values: Payload) -> bool:
    for entry in values["commands"]:
        if not COMMAND.fullmatch(entry["command"]):
            raise bad("BOT_COMMAND_INVALID")
    scope = values.get("scope", {"type": "default"})
    world.commands[str(scope["type"]), _language(values)] = values["commands"]
    return True


def _language(values: Payload) -> str:
    language = str(values.get("language_code", ""))
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad("invalid language code specified")
    return language


def set_my_description(world: World, values: Payload) -> bool:
    world.descriptions[_language(values)] = values.get("description", "")
    return True


def set_chat_menu_button(world: World, values: Payload) -> bool:
    world.menu_buttons[values.get("chat_id")] = values.get("menu_button", {"type": "default"})
    return True


SETTINGS: dict[str, Callable[[World, Payload], Any]] = {
    "getMe": get_me,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "setMyCommands": set_my_commands,
    "setMyDescription": set_my_description,
    "setChatMenuButton": set_chat_menu_button,
}
