"""Open slots for national finders, published as SMART Scheduling Links; imported by `webhooks.app` alone.

The specification is smart-on-fhir/smart-scheduling-links: a manifest that ends in `$bulk-publish` names files of FHIR
Locations, Schedules and Slots, one object a line. Slots lie in one file for each area, and an area has a bounded number
of centres, so that no file grows with the country. A file is made at most once in `feed.FRESH`, when somebody asks
for it: read page by page, written to disk compressed, and sent from there, so that neither its size nor a slow reader
costs memory or a database connection. Its ETag is the digest of its content, the same in every process. Price: what
the feed says is up to `feed.FRESH` old, and each web process keeps its own copy of the files on disk.
"""

from webhooks.scheduling.handlers import add_to

__all__ = ["add_to"]
