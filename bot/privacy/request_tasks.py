"""What staff have to do for a request, beside deciding it: one entry a task."""

from __future__ import annotations

from dataclasses import dataclass

from bot.privacy.request_types import Field


@dataclass(frozen=True)
class RequestTask:
    """A task of some types of request; its words are the phrase `task_<id>`.

    An open mandatory task keeps a request from being fulfilled, unless staff give a reason. A task `for_each` value of
    a field (each recipient that the customer named) is ticked off value by value. One with `less_than_all` of a field
    is there only where the customer named something of it and not everything.
    """

    id: str
    types: tuple[str, ...]
    mandatory: bool = True
    for_each: Field | None = None
    less_than_all: Field | None = None


_DISCLOSURES = ("disclosure", "provision_records")

REQUEST_TASKS: tuple[RequestTask, ...] = (
    RequestTask("compile_records", ("disclosure",)),
    RequestTask("compile_provisions", ("provision_records",)),
    # APPI 33(2): what would harm somebody else's rights isn't disclosed.
    RequestTask("check_others", _DISCLOSURES),
    RequestTask("list_purposes", ("purpose_notification",)),
    # APPI 34(2): the company investigates and corrects by its result.
    RequestTask("investigate", ("correction",)),
    RequestTask("correct_systems", ("correction",)),
    RequestTask("check_legal_keeping", ("erasure",)),
    RequestTask("erase_sales_system", ("erasure",)),
    RequestTask("erase_lists", ("erasure",)),
    # The erasure of everything takes the desk's own register along; what is less, only the company knows where it is.
    RequestTask("erase_from_register", ("erasure",), less_than_all=Field.SCOPE),
    RequestTask("note_backups", ("erasure",)),
    RequestTask("stop_sales_system", ("stop_use",)),
    RequestTask("stop_lists", ("stop_use",)),
    RequestTask("tell_recipient", ("stop_provision",), for_each=Field.RECIPIENT),
    RequestTask("stop_handing_on", ("stop_provision",)),
    RequestTask("update_sending_lists", ("stop_marketing",)),
    RequestTask("tell_senders", ("stop_marketing",), mandatory=False),
    # APPI 25: whoever handles the data for the company must follow.
    RequestTask("tell_processors", ("correction", "erasure", "stop_use"), mandatory=False),
)


def tasks_for(type_id: str) -> tuple[RequestTask, ...]:
    """List the tasks of a type of request."""
    return tuple(task for task in REQUEST_TASKS if type_id in task.types)
