"""The ways in over HTTP: Telegram, Twilio, calendar links, health, the simulator; may import all below."""
