"""Words about tasks: what there is to do, and that it is done."""

from __future__ import annotations

from collections.abc import Callable

from dialogs.script import Goto

PHRASES: dict[str, str] = {
    "tasks": "tasks|task|my tasks|open tasks|to do|todo|to do list|what is to do|what is there to do|"
    "taches|tache|mes taches|les taches|a faire|que faire|"
    "tareas|tarea|mis tareas|las tareas|por hacer|pendientes|que hay que hacer",
    "task-done": "done|it is done|task done|fait|c est fait|tache faite|hecho|ya esta|esta hecho|tarea hecha",
}
READERS: tuple[Callable[[str, str], Goto | None], ...] = ()
