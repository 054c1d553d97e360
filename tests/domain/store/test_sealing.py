"""Values are sealed for their column under rotating keys, and addresses are found by an index that tells nothing."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.store.sealing import Keyring, SealError, blind_index, new_key

OLD, NEW = new_key("old"), new_key("new")
COLUMN = "patient.name"
KEY = base64.b64encode(bytes(32)).decode()


@given(st.binary(max_size=200), st.text(min_size=1, max_size=20))
def test_what_is_sealed_opens_again(value: bytes, column: str) -> None:
    ring = Keyring.of(NEW)
    assert value == ring.open(ring.seal(value, column), column)


def test_the_value_cannot_be_read_in_what_is_sealed() -> None:
    assert b"Ana Lopez" not in Keyring.of(NEW).seal(b"Ana Lopez", COLUMN)


def test_equal_values_look_different() -> None:
    ring = Keyring.of(NEW)
    assert ring.seal(b"Ana", COLUMN) != ring.seal(b"Ana", COLUMN)


def test_the_first_key_seals_and_the_others_open() -> None:
    before, during, after = (Keyring.of(keys) for keys in (OLD, f"{NEW},{OLD}", NEW))
    old = before.seal(b"Ana", COLUMN)
    assert b"Ana" == during.open(old, COLUMN)
    rewritten = during.seal(b"Ana", COLUMN)
    assert b"Ana" == after.open(rewritten, COLUMN)
    with pytest.raises(SealError, match="'new', which FIELD_KEYS does not have"):
        before.open(rewritten, COLUMN)


def test_without_keys_values_are_plain_and_are_sealed_when_written_next() -> None:
    plain, keyed = Keyring(), Keyring.of(NEW)
    stored = plain.seal(b"Ana", COLUMN)
    assert b"Ana" in stored
    assert b"Ana" == plain.open(stored, COLUMN) == keyed.open(stored, COLUMN)
    assert b"Ana" not in keyed.seal(keyed.open(stored, COLUMN), COLUMN)


def test_what_is_sealed_does_not_open_without_keys() -> None:
    with pytest.raises(SealError, match="'new', which FIELD_KEYS does not have"):
        Keyring().open(Keyring.of(NEW).seal(b"Ana", COLUMN), COLUMN)


def test_another_key_of_the_same_name_does_not_open() -> None:
    with pytest.raises(SealError, match=r"patient\.name cannot be opened: key 'new' is another one"):
        Keyring.of(new_key("new")).open(Keyring.of(NEW).seal(b"Ana", COLUMN), COLUMN)


def test_a_value_that_was_moved_to_another_column_does_not_open() -> None:
    ring = Keyring.of(NEW)
    with pytest.raises(SealError, match=r"patient\.birth cannot be opened"):
        ring.open(ring.seal(b"Ana", COLUMN), "patient.birth")


def test_no_altered_bit_opens_as_something_else() -> None:
    """But for the first byte's lowest one: it says that a value is plain, which values without keys are."""
    ring = Keyring.of(f"{NEW},{OLD}")
    sealed = ring.seal(b"Ana", COLUMN)
    for bit in range(1, len(sealed) * 8):
        altered = bytearray(sealed)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealError):
            ring.open(bytes(altered), COLUMN)


def test_no_part_of_a_sealed_value_opens() -> None:
    ring = Keyring.of(NEW)
    sealed = ring.seal(b"Ana", COLUMN)
    for length in range(len(sealed)):
        with pytest.raises(SealError):
            ring.open(sealed[:length], COLUMN)


KEYRINGS = (
    ("nothing", "", ""),
    ("blanks and commas", " , ,", ""),
    ("one", f"a:{KEY}", "a"),
    ("two with blanks around", f" a:{KEY} , b:{KEY} ", "a b"),
)


@pytest.mark.parametrize(("why", "text", "expected"), KEYRINGS, ids=[row[0] for row in KEYRINGS])
def test_keys_are_read_in_their_order(why: str, text: str, expected: str) -> None:
    assert expected.split() == list(Keyring.of(text).keys)


BROKEN = (
    ("no id", KEY, "key 1 has no id: write it as id:base64"),
    ("an empty id", f":{KEY}", "key 1 has no id: write it as id:base64"),
    ("an id with accents", f"clé:{KEY}", "key 1 has no id: write it as id:base64"),
    ("a long id", f"{'k' * 41}:{KEY}", "key 1 has no id: write it as id:base64"),
    ("an id twice", f"a:{KEY},a:{KEY}", "key id 'a' stands twice"),
    ("no base64", f"a:{KEY},b:!", "key 2 is not base64"),
    ("not ASCII", f"a:{KEY[:-1]}é", "key 1 is not base64"),
    ("a short key", "a:AAAA", "key 1 has 3 bytes and needs 32"),
    ("no key", "a:", "key 1 has 0 bytes and needs 32"),
    ("a long key", f"a:{base64.b64encode(bytes(33)).decode()}", "key 1 has 33 bytes and needs 32"),
)


@pytest.mark.parametrize(("why", "text", "expected"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_broken_key_is_refused_by_its_number(why: str, text: str, expected: str) -> None:
    with pytest.raises(SealError) as refused:
        Keyring.of(text)
    assert expected == str(refused.value)


def test_a_new_key_is_another_one_each_time() -> None:
    assert new_key("a") != new_key("a")
    assert ["a"] == list(Keyring.of(new_key("a")).keys)


def test_the_blind_index_is_equal_for_equal_addresses_alone() -> None:
    index = blind_index(b"secret", "sms", "+15550001")
    assert index == blind_index(b"secret", "sms", "+15550001")
    others = {
        blind_index(b"secret", "sms", "+15550002"),
        blind_index(b"secret", "whatsapp", "+15550001"),
        blind_index(b"another", "sms", "+15550001"),
        blind_index(b"secret", "sm", "s+15550001"),
    }
    assert 4 == len(others - {index})
    assert 32 == len(index)
