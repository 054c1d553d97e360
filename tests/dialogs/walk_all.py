"""Walks all scripts with a programme that has everything a programme can have; run under coverage by `test_explore`."""

from bot.cli.checks import script_faults
from domain.programmes import from_mapping

EVERYTHING = from_mapping(
    {
        "key": "everything",
        "title": "Everything",
        "bring": "Bring yourself.",
        "doses": [{"key": "1"}, {"key": "2", "after_days": 21, "before_days": 42}],
        "age": {"from": 12, "because": "Not for children."},
        "changes": {"moves": 3},
        "criteria": [
            {
                "key": "ill",
                "keeps": True,
                "text": "Are you ill?",
                "options": [
                    {"key": "no", "label": "No", "group": "well"},
                    {"key": "yes", "label": "Yes", "decides": "refer", "because": "A doctor decides."},
                ],
            },
            {
                "key": "fever",
                "when": {"ill": "yes"},
                "text": "Have you a fever?",
                "options": [
                    {"key": "no", "label": "No"},
                    {"key": "yes", "label": "Yes", "decides": "ineligible", "wait_days": 7, "because": "Wait."},
                ],
            },
        ],
    }
)

SIMPLE = from_mapping(
    {
        "key": "simple",
        "title": "Simple",
        "changes": {"move_hours": 72, "cancel_hours": 72},
        "criteria": [
            {
                "key": "last-dose",
                "kind": "date",
                "text": "When was your last dose?",
                "wait_days": 91,
                "because": "It is too early.",
                "options": [{"key": "gone", "label": "Gone", "decides": "ineligible", "because": "Nothing helps."}],
            },
        ],
    }
)

VISITS = from_mapping(
    {"key": "visits", "title": "Visits", "practitioners": True, "confirm": {"hours": 24}, "video": True}
)

if __name__ == "__main__":
    for fault in script_faults([EVERYTHING, SIMPLE, VISITS], criteria=2):
        raise SystemExit(fault)
