"""Migrations: each leaves the release that runs working, so that things are added, moved, then removed."""
