"""Everything that speaks SQL, on SQLite and PostgreSQL alike; may import `domain`, and is imported by `bot` only.

Decisions that bind this package:

- Rules that must never break are constraints and triggers (`migrations`); handlers check first only to answer kindly.
- SQLite: WAL, a busy timeout, BEGIN IMMEDIATE for every writing unit of work, and in one process a queue before it.
  PostgreSQL: READ COMMITTED; rows are locked where they are read, slots in order of id.
- Moments are aware UTC; SQL never asks what time it is.
- Names, birth dates, addresses, answers and texts are sealed (`sealing`); contacts are found by a blind index.
"""
