"""Names of towns are compared as people write them."""

from __future__ import annotations

import pytest

from domain.gazetteer.names import fold

FOLDED = (
    ("Paris", "paris"),
    ("  Saint-Denis ", "saint denis"),
    ("ST. DENIS", "saint denis"),
    ("Ste-Marie", "sainte marie"),
    ("Stes", "stes"),
    ("Straße", "strasse"),
    ("Besançon", "besancon"),
    ("Bœrsch", "boersch"),
    ("Ærø", "aero"),
    ("", ""),
    ("–", ""),
)


@pytest.mark.parametrize(("town", "expected"), FOLDED)
def test_names_are_folded_to_be_looked_up(town: str, expected: str) -> None:
    assert expected == fold(town) == fold(fold(town))
