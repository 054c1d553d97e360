"""Tests; they mirror the four packages, with whole conversations in e2e/ and measurements in bench/."""
