"""What is said and in which order; pure: no I/O, no clock, no channel's name; may import `domain` only.

A script is a coroutine over a ledger of named answers (`script`). Each turn replays it from the top, feeding it
what the ledger knows, until it wants something new: that is the question to ask. No position is ever stored.
`conversation` hears what a person said, replays, and returns the messages to send.
"""
