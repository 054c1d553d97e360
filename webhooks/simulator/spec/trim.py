"""Cuts the providers' published specifications down to the facts that the doubles check.

Run as ``python -m webhooks.simulator.spec.trim TELEGRAM_JSON TWILIO_JSON CONTENT_JSON``; it writes the
two JSON files beside itself. Names, types, required flags and limits stay; sentences do not.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]  # an object of somebody else's making

TELEGRAM_METHODS = (
    *("sendMessage", "sendVenue", "sendLocation", "sendDocument", "sendPhoto", "sendChatAction"),
    *("editMessageText", "editMessageReplyMarkup", "deleteMessage", "answerCallbackQuery"),
    *("getMe", "setWebhook", "deleteWebhook", "getWebhookInfo", "getUpdates"),
    *("setMyCommands", "setMyDescription", "setChatMenuButton"),
)
TELEGRAM_ANSWERS = ("User", "WebhookInfo")
MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
CONTENT_SCHEMAS = ("ContentCreateRequest", "ContentApprovalRequest", "content.v1.content")
KEPT = ("type", "format", "pattern", "enum", "minimum", "maximum", "minLength", "maxLength", "nullable")

LENGTH = re.compile(r"(\d+)-(\d+) (characters|bytes)")
VALUE = re.compile(r"(?:between |; ?|, )(\d+)(?:-| and )(\d+)")
AT_MOST = re.compile(r"[Aa]t most (\d+) ")
CONSTANT = re.compile(r"must be ([a-z_]+)$")
ONE_OF = re.compile(r"(?:Must be one of|Currently, can be) (.+)", re.DOTALL)


def limit(description: str, types: list[str]) -> list[Any] | None:
    """Read the smallest, the largest and what is counted out of *description*."""
    if (found := LENGTH.search(description)) and "String" in types:
        return [int(found[1]), int(found[2]), found[3]]
    if (found := AT_MOST.search(description)) and types[0].startswith("Array"):
        return [0, int(found[1]), "items"]
    if (found := VALUE.search(description)) and types[0] in ("Integer", "Float"):
        return [int(found[1]), int(found[2]), "value"]
    return None


def choices(description: str) -> list[str]:
    """Read which words a field may hold; an empty list means any."""
    if found := CONSTANT.search(description):
        return [found[1]]
    if found := ONE_OF.search(description):
        return re.findall(r'"([a-z_]+)" \(', found[1])
    return []


def field(published: Json) -> Json:
    description, types = published["description"], published["types"]
    kept: Json = {"types": types}
    if published["required"]:
        kept["required"] = True
    if bounds := limit(description, types):
        kept["limit"] = bounds
    if "String" in types and (words := choices(description)):
        kept["one_of"] = words
    return kept


def fields(published: Json) -> Json:
    return {entry["name"]: field(entry) for entry in published.get("fields", [])}


def named_types(published: Json) -> Iterator[str]:
    for entry in published.get("fields", []):
        yield from (name.replace("Array of ", "") for name in entry["types"])
    yield from published.get("subtypes", [])


def reachable(published: Json, start: list[str]) -> list[str]:
    """Name every type that *start* leads to."""
    found: list[str] = []
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name in published["types"] and name not in found:
            found.append(name)
            waiting.extend(named_types(published["types"][name]))
    return sorted(found)


def trimmed_type(published: Json) -> Json:
    if subtypes := published.get("subtypes"):
        return {"subtypes": subtypes}
    return {"fields": fields(published)}


def telegram(published: Json) -> Json:
    methods = {name: published["methods"][name] for name in TELEGRAM_METHODS}
    wanted = [name for method in methods.values() for name in named_types(method)]
    return {
        "version": published["version"],
        "methods": {name: {"parameters": fields(method)} for name, method in methods.items()},
        "types": {
            name: trimmed_type(published["types"][name]) for name in reachable(published, [*wanted, *TELEGRAM_ANSWERS])
        },
    }


def schema(published: Json, all_schemas: Json) -> Json:
    """Keep what can be checked of an OpenAPI schema, its references followed."""
    if reference := published.get("$ref"):
        return schema(all_schemas[reference.rsplit("/", 1)[1]], all_schemas)
    kept = {key: published[key] for key in KEPT if key in published}
    if "properties" in published:
        kept["properties"] = {name: schema(inner, all_schemas) for name, inner in published["properties"].items()}
    if "items" in published:
        kept["items"] = schema(published["items"], all_schemas)
    if isinstance(others := published.get("additionalProperties"), dict):
        kept["others"] = schema(others, all_schemas)
    if "required" in published:
        kept["required"] = published["required"]
    return kept


def twilio(messages: Json, content: Json) -> Json:
    schemas, content_schemas = messages["components"]["schemas"], content["components"]["schemas"]
    path = messages["paths"][MESSAGES]
    form = path["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    return {
        "version": [messages["info"]["version"], content["info"]["version"]],
        "create_message": schema(form, schemas),
        "list_messages": {
            entry["name"]: schema(entry["schema"], schemas)
            for entry in path["get"]["parameters"]
            if entry["in"] == "query"
        },
        "message": schema(schemas["api.v2010.account.message"], schemas),
        "content": {name: schema(content_schemas[name], content_schemas) for name in CONTENT_SCHEMAS},
    }


def write(name: str, facts: Json) -> None:
    text = json.dumps(facts, indent=1, ensure_ascii=False)
    compact = re.sub(r"\[[^\[\]{}]{0,400}\]", lambda found: re.sub(r"\s*\n\s*", "", found[0]), text)
    Path(__file__).with_name(name).write_text(compact + "\n", encoding="utf-8")


def main(telegram_json: str, twilio_json: str, content_json: str) -> None:
    telegram_facts, messages, content = (
        json.loads(Path(name).read_text(encoding="utf-8")) for name in (telegram_json, twilio_json, content_json)
    )
    write("telegram.json", telegram(telegram_facts))
    write("twilio.json", twilio(messages, content))


if __name__ == "__main__":
    main(*sys.argv[1:])
