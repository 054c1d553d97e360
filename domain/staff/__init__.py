"""Those who work at the centres: who they are, what they may do, and what they do by chat."""
