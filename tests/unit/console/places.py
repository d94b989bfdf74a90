"""Who may open which page, said a second time: a page that isn't here, or is otherwise, fails the matrix."""

from __future__ import annotations

from bot.services.staff.roles import ADMINS, EVERYONE, MANAGERS, READERS_OF_AUDIT, WORKERS, Role

_READ = """
GET
GET /queue
GET /queue/rows
POST /queue/search
GET /conversations/{conversation}
GET /conversations/{conversation}/messages
GET /conversations/{conversation}/state
GET /conversations/{conversation}/pictures/{picture}
GET /live
GET /requests
GET /requests/{receipt}
GET /overview
GET /overview.csv
GET /overview/{chart}.svg
"""

_WORK = """
POST /queue/alerts
POST /cases/{case}/claim
POST /cases/{case}/release
POST /cases/{case}/assign
POST /cases/{case}/finish
GET /conversations/{conversation}/clauses
GET /conversations/{conversation}/quota
POST /conversations/{conversation}/say
POST /conversations/{conversation}/note
POST /conversations/{conversation}/begin
POST /conversations/{conversation}/pictures/{picture}/destroy
POST /requests/{receipt}/begin
POST /requests/{receipt}/assign
POST /requests/{receipt}/tasks
GET /requests/{receipt}/identity
POST /requests/{receipt}/identity
POST /requests/{receipt}/identity/confirm
POST /requests/{receipt}/identity/refuse
GET /requests/{receipt}/decide/{outcome}
POST /requests/{receipt}/decide/{outcome}
POST /requests/{receipt}/approve
POST /requests/{receipt}/send-back
GET /requests/{receipt}/extend
POST /requests/{receipt}/extend
GET /requests/{receipt}/record
GET /requests/{receipt}/record.csv
POST /requests/{receipt}/link
"""

_MANAGE = """
GET /admin/answers
POST /admin/answers
GET /admin/answers/{answer}
POST /admin/answers/{answer}
POST /admin/answers/{answer}/up
POST /admin/answers/{answer}/delete
GET /admin/hours
POST /admin/hours
POST /admin/hours/note
POST /admin/hours/close
POST /admin/hours/open
GET /admin/unanswered
"""

_AUDIT = """
GET /admin/policy
GET /admin/audit
GET /admin/audit.csv
POST /admin/audit/check
"""

_ADMINISTER = """
GET /admin/approval
POST /admin/approval
GET /admin/staff
POST /admin/staff
GET /admin/staff/{staff}
POST /admin/staff/{staff}
POST /admin/staff/{staff}/invite
POST /admin/staff/{staff}/remove
POST /admin/staff/{staff}/reset
GET /admin/machines
POST /admin/machines
POST /admin/machines/{machine}/revoke
GET /admin/dead-letters
POST /admin/dead-letters/{letter}/reveal
POST /admin/dead-letters/{letter}/retry
POST /admin/dead-letters/{letter}/delete
"""

PLACES: dict[tuple[str, str], frozenset[Role]] = {
    (line.partition(" ")[0], line.partition(" ")[2]): roles
    for lines, roles in (
        (_READ, EVERYONE),
        (_WORK, WORKERS),
        (_MANAGE, MANAGERS),
        (_AUDIT, READERS_OF_AUDIT),
        (_ADMINISTER, ADMINS),
    )
    for line in lines.strip().splitlines()
}

OUTSIDE = {
    ("GET", "/login"): "anybody",
    ("POST", "/login"): "anybody",
    ("POST", "/logout"): "anybody",
    ("GET", "/forgotten"): "anybody",
    ("POST", "/forgotten"): "anybody",
    ("GET", "/invitation/{token}"): "anybody",
    ("POST", "/invitation/{token}"): "anybody",
    ("GET", "/password/{token}"): "anybody",
    ("POST", "/password/{token}"): "anybody",
    ("GET", "/totp"): "code",
    ("POST", "/totp"): "code",
    ("GET", "/totp/new"): "full set_up",
    ("POST", "/totp/new"): "full set_up",
    ("GET", "/totp/new.svg"): "full set_up",
    ("GET", "/"): "full",
    ("GET", "/companies"): "full",
    ("GET", "/account"): "full",
    ("POST", "/account/name"): "full",
    ("POST", "/account/password"): "full",
    ("POST", "/account/codes"): "full",
    ("POST", "/account/totp/drop"): "full",
    ("POST", "/account/sessions/end-others"): "full",
    ("POST", "/account/sessions/{session}/end"): "full",
}
"""The pages of no company, by the stages of a session that open them."""
