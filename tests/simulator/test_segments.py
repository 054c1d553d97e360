"""SMS sizes by the rules of GSM-7 and UCS-2."""

import pytest

from webhooks.simulator.segments import Encoding, Size, size, smart_encoded

GSM, UCS = Encoding.GSM_7, Encoding.UCS_2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Size(GSM, 1)),
        ("x" * 160, Size(GSM, 1)),
        ("x" * 161, Size(GSM, 2)),
        ("x" * 306, Size(GSM, 2)),
        ("x" * 307, Size(GSM, 3)),
        ("é à ñ ß Ω £ ¿", Size(GSM, 1)),
        ("€" * 80, Size(GSM, 1)),
        ("€" * 81, Size(GSM, 2)),
        ("x" * 152 + "€" + "x" * 152, Size(GSM, 3)),
        ("х" * 70, Size(UCS, 1)),
        ("х" * 71, Size(UCS, 2)),
        ("🎉" * 35, Size(UCS, 1)),
        ("🎉" * 36, Size(UCS, 2)),
        ("🎉" * 67, Size(UCS, 3)),
        ("It’s", Size(UCS, 1)),
    ],
)
def test_segments_are_counted(text: str, expected: Size) -> None:
    assert expected == size(text)


def test_look_alikes_make_a_text_plain() -> None:
    assert Size(GSM, 1) == size(smart_encoded("It’s “so”…"))
