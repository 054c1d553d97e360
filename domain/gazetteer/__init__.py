"""The gazetteer: where towns are that have no centre of their own. Anything from domain up may import it.

Context: people write the town they live in, and most towns have no centre. Decision: 69,000 towns of GeoNames lie in
one file of the package (2.1 MB, `README.md` says from where); the towns of a country where the desk has
centres are read at the start, those of any other when they are first asked for, in a thread, and stay. Price: some ten
milliseconds for France, forty for the United States, and memory (3 and 8 MB); and villages below 5,000 people are not
known. Held by `tests/domain/gazetteer` and, for time and memory, `make bench`.
"""
