"""`madoguchi machines`: other help desks that take part over the API."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.bootstrap import build_machine_register
from bot.cli.options import CompanyId, Json, known_company, opened_store, read_settings
from bot.cli.printing import in_japan, print_rows
from bot.services.actors import OPERATOR
from bot.services.machines import NewMachine, Scope

app = typer.Typer(help="Other help desks that take part over the API (docs/machines.md).")

COLUMNS = ("id", "company", "name", "scope", "webhook", "created", "last_used", "revoked")


@app.command("add")
def add_machine(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What staff know it by.")],
    company: Annotated[str, typer.Option("--company", metavar="ID", help="The company whose cases it sees.")],
    scope: Annotated[Scope, typer.Option("--scope", help="To look, or to answer customers too.")] = Scope.READ,
    webhook: Annotated[str | None, typer.Option("--webhook", metavar="URL", help="Where it is told of news.")] = None,
) -> None:
    """Register a machine and print its key, once."""
    settings = read_settings()
    known_company(settings, company)
    with opened_store(settings) as store:
        made = build_machine_register(store, settings).add(name, company, scope, webhook, OPERATOR)
    for line in _told_once(made):
        typer.echo(line)


@app.command("list")
def list_machines(company: CompanyId = None, as_json: Json = False) -> None:
    """List machines, the oldest first, revoked ones too; never their keys."""
    settings = read_settings()
    wanted = known_company(settings, company)
    with opened_store(settings) as store:
        found = build_machine_register(store, settings).find(wanted)
    rows = [
        {
            "id": machine.id,
            "company": machine.company,
            "name": machine.name,
            "scope": machine.scope,
            "webhook": (machine.webhook or "").partition("?")[0],
            "created": in_japan(machine.created_at),
            "last_used": in_japan(machine.last_used_at),
            "revoked": in_japan(machine.revoked_at),
        }
        for machine in found
    ]
    print_rows(rows, COLUMNS, as_json=as_json)


@app.command("revoke")
def revoke_machine(machine_id: Annotated[str, typer.Argument(metavar="ID", help="From `machines list`.")]) -> None:
    """End a machine's key and webhook at once."""
    settings = read_settings()
    with opened_store(settings) as store:
        build_machine_register(store, settings).revoke(machine_id, None, OPERATOR)
    typer.echo("Its key opens nothing any more.")


def _told_once(made: NewMachine) -> list[str]:
    lines = [f"id:     {made.machine.id}", f"key:    {made.key}"]
    if made.machine.webhook_secret:
        lines.append(f"secret: {made.machine.webhook_secret}  (signs what the webhook gets)")
    return [*lines, "Keep them now: they can't be shown again."]
