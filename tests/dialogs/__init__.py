"""Tests of what is said in chat."""
