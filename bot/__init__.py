"""The running application: turns, inbox, outbox, channels, jobs and commands; may import `dialogs` and `domain`.

The database is the queue: a booking and the messages about it must commit together, which no broker beside the
database can give. What it costs is polling as a net under the wake-ups, and a bounded send rate per machine.
"""
