"""The gazetteer: where towns are that have no centre of their own. Anything from domain up may import it.

Context: people write the town they live in, and most towns have no centre. Decision: 69,000 towns of GeoNames lie in
one file of the package (2.1 MB, `README.md` says from where); the towns of a country are read when the desk is first
asked for a town that none of its centres is in, and stay. Price: that one question waits for them, some ten
milliseconds for France, sixty for the United States; and villages below 5,000 people are not known. Held by
`tests/domain/gazetteer` and, for time and memory, `make bench`.
"""
