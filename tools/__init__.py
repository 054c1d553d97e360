"""Tools that make files of the project; nothing of them runs at the desk."""
