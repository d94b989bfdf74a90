from bot.privacy.request_tasks import REQUEST_TASKS, tasks_for
from bot.privacy.request_types import REQUEST_TYPES, request_type


def test_every_type_has_a_mandatory_task():
    for kind in REQUEST_TYPES:
        assert any(task.mandatory for task in tasks_for(kind.id)), kind.id


def test_tasks_are_of_types_and_fields_that_there_are():
    assert len({task.id for task in REQUEST_TASKS}) == len(REQUEST_TASKS)
    for task in REQUEST_TASKS:
        for kind in map(request_type, task.types):
            assert {task.for_each, task.less_than_all} - {None} <= set(kind.fields)
