"""Readers of what people type: times, birth dates, choices from a menu; pure, for `dialogs` and above."""
