"""People who sign, on a real database."""

from __future__ import annotations

from core.conversation import state as ev
from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.world import Talker, World

SECRETS = ("Ada Lovelace", "90210", "ada.lovelace@example.org", "Because I care", "adalovelace", "user-4711")


def sql_world(database: Database, vault: Vault) -> World:
    return World(work=lambda: SqlUnitOfWork(database, vault))


def sign(world: World, user_id: str = "user-4711", name: str = "Ada Lovelace", mail: str = SECRETS[2]) -> Talker:
    person = world.person(name, user_id=user_id)
    person.does(ev.Begin(), ev.Reply("90210"), ev.Edit("email"), ev.Reply(mail))
    person.does(ev.Edit("comment"), ev.Reply("Because I care"), ev.Confirm())
    return person
