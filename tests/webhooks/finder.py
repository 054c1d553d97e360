"""A finder in a test: it follows the manifest over HTTP, and holds all it reads against the specification."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from yarl import URL

from tests.e2e.clinic import PUBLIC, Clinic
from tests.webhooks.smart_links import TYPES, faults_of, manifest_faults

MANIFEST = "/scheduling/$bulk-publish"
LINKS = "http://fhir-registry.smarthealthit.org/StructureDefinition"
BOT = "riverside_clinic_bot"


@dataclass(frozen=True, slots=True)
class Read:
    """What a finder has after it followed the manifest."""

    manifest: dict[str, Any]
    lines: dict[str, list[dict[str, Any]]]

    @property
    def slots(self) -> dict[str, dict[str, Any]]:
        return {line["id"]: line for line in self.lines["Slot"]}


async def get(desk: Clinic, path: str, **headers: str) -> tuple[int, Any, bytes]:
    """Return status, headers and the body as it came."""
    asked = {"Accept-Encoding": "identity"} | {name.replace("_", "-"): value for name, value in headers.items()}
    address = URL(f"{desk.address}{path}", encoded=True)
    async with desk.session.get(address, headers=asked) as response:
        return response.status, response.headers, await response.read()


def lines_of(body: bytes) -> list[dict[str, Any]]:
    assert not body or body.endswith(b"\n")
    return [json.loads(line) for line in body.splitlines()]


async def read(desk: Clinic) -> Read:
    """Follow the manifest as a finder does, and hold all of it against the specification."""
    status, headers, body = await get(desk, MANIFEST)
    assert (200, "application/json") == (status, headers["Content-Type"].partition(";")[0])
    manifest = json.loads(body)
    assert [] == manifest_faults(manifest)
    lines: dict[str, list[dict[str, Any]]] = {kind: [] for kind in TYPES}
    for output in manifest["output"]:
        assert output["url"].startswith(f"{PUBLIC}/scheduling/")
        status, headers, body = await get(desk, output["url"].removeprefix(PUBLIC))
        assert (200, "application/fhir+ndjson") == (status, headers["Content-Type"])
        lines[output["type"]] += lines_of(body)
    assert [] == faults_of(lines)
    return Read(manifest, lines)


def extension(line: dict[str, Any], name: str) -> Any:
    """Return the value of an extension; None where the line has not got it."""
    for one in line.get("extension", []):
        if one["url"] == f"{LINKS}/{name}":
            return next(value for key, value in one.items() if key != "url")
    return None
