"""Stand-ins for Telegram, Twilio and the people who write to us, on loopback only.

The doubles refuse whatever the providers refuse, and more. The demo page, the end-to-end tests and the
benchmark import this package; nothing else does, and it imports nothing of the product.
"""
