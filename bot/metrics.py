"""What is counted, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()
TURNS = Histogram(
    "frontdesk_turn_seconds",
    "Time of a turn, by channel and what became of it.",
    ["channel", "became"],
    registry=REGISTRY,
)
SENDS = Counter(
    "frontdesk_sends_total", "Messages handed to providers, by channel and what became of them.", ["channel", "became"],
    registry=REGISTRY,
)  # fmt: skip
REQUESTS = Histogram(
    "frontdesk_request_seconds",
    "Time of an HTTP request, by route and status.",
    ["route", "status"],
    registry=REGISTRY,
)
QUEUED = Gauge("frontdesk_outbox_queued", "Messages waiting to be sent.", registry=REGISTRY)
WAITING = Gauge("frontdesk_inbox_waiting", "Messages waiting for their turn.", registry=REGISTRY)


def exposition() -> bytes:
    """Return all figures as Prometheus reads them."""
    return generate_latest(REGISTRY)
