"""What is shown of a personal value to who needn't see all of it: enough to tell two apart, not to reach anyone."""

from __future__ import annotations

HIDDEN = "***"


def redact_text(value: str) -> str:
    """Keep the first character of a name, an address or any other text."""
    return f"{value[0]}{HIDDEN}" if value else ""


def redact_contact(value: str) -> str:
    """Keep the domain of an e-mail, the last four digits of a number, the first character of anything else."""
    local, at, domain = value.rpartition("@")
    if at:
        return f"{redact_text(local)}@{domain}"
    digits = "".join(character for character in value if character.isdigit())
    if len(digits) >= 9 and len(digits) >= len(value) - 4:
        return f"{HIDDEN}{digits[-4:]}"
    return redact_text(value)
