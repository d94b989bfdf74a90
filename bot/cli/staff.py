"""`madoguchi staff`: who may sign in to the console."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from bot.bootstrap import build_companies, build_services
from bot.cli.options import CompanyId, Json, Reveal, known_company, opened_store, read_settings
from bot.cli.printing import in_japan, print_rows
from bot.cli.revealing import note_revealed
from bot.privacy.redaction import redact_contact, redact_text
from bot.services.staff.records import Membership, StaffMember
from bot.services.staff.register import Added, Place, StaffRegister
from bot.services.staff.roles import Role
from bot.settings import Settings
from bot.storage.migrate import migrate

app = typer.Typer(help="Who may sign in to the staff's pages.")

COLUMNS = ("email", "name", "company", "role", "store", "status", "second_factor", "last_sign_in")
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The address that the person signs in with.")]


@app.command("add")
def add_member(
    email: Email,
    name: Annotated[str, typer.Option("--name", help="As colleagues and customers read it.")],
    company: Annotated[str, typer.Option("--company", metavar="ID", help="The company the person works for.")],
    role: Annotated[Role, typer.Option("--role", help="What the person may do there.")],
    store: Annotated[str | None, typer.Option("--store", metavar="ID", help="Only this store's cases.")] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input, in one line.")
    ] = False,
) -> None:
    """Add somebody, or give somebody a second company; prints a link to set a password if there is none."""
    settings = read_settings()
    known_company(settings, company)
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    added = _register(settings).add(email, name, Place(company, role, store), password)
    _tell_link(settings, added, "Invitation, good once for")


@app.command("list")
def list_members(company: CompanyId = None, reveal: Reveal = False, as_json: Json = False) -> None:
    """List who may sign in, by company."""
    settings = read_settings()
    known_company(settings, company)
    with opened_store(settings) as store, store.transaction(read_only=not reveal) as tx:
        wanted = [company] if company else build_companies(settings).ids()
        rows = [_row(*pair, reveal) for one in wanted for pair in tx.staff.members(one)]
        if reveal:
            note_revealed(tx, "staff", company)
    print_rows(rows, COLUMNS, as_json=as_json)


@app.command("remove")
def remove_member(email: Email, company: CompanyId = None) -> None:
    """Take somebody out of a company, or of all, and end all of their sessions."""
    settings = read_settings()
    known_company(settings, company)
    left = _register(settings).remove_everywhere(email, company)
    typer.echo(f"Removed from {', '.join(left)}." if left else "Nothing to remove: not in that company.")


@app.command("reset")
def reset_member(email: Email) -> None:
    """Take a lost second factor away and print a link to set a new password."""
    settings = read_settings()
    _tell_link(settings, _register(settings).reset(email), "Link to set a password, good once for")


def _register(settings: Settings) -> StaffRegister:
    migrate(settings.database)
    return build_services(settings).staff.register


def _tell_link(settings: Settings, added: Added, kind: str) -> None:
    if added.link is None:
        typer.echo(f"Signs in at {settings.base_url}/staff")
        return
    typer.echo(f"{kind} {added.hours} h: {added.link}")


def _row(staff: StaffMember, membership: Membership, reveal: bool) -> dict[str, Any]:
    return {
        "email": staff.email if reveal else redact_contact(staff.email),
        "name": staff.name if reveal else redact_text(staff.name),
        "company": membership.company,
        "role": membership.role.value,
        "store": membership.store or "",
        "status": "invited" if staff.invited else "active",
        "second_factor": bool(staff.totp_secret),
        "last_sign_in": in_japan(staff.last_sign_in_at),
    }
