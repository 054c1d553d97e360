"""The ways in over HTTP: Telegram, Twilio, calendar links, open slots, health, the simulator; may import all below."""
