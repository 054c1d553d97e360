"""The gazetteer: where towns are that have no centre of their own. Anything from domain up may import it."""
