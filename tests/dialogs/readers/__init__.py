"""Tests of the readers of what people type."""
