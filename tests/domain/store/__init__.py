"""Tests of all that speaks SQL, on both engines."""
