"""Tests of the doubles and phones in `webhooks.simulator`."""
