"""Run the dialogue engine with one of its mends left out: `python -m bench.without NAME`."""

from __future__ import annotations

import sys

MENDS = {
    "compiled schema": "_validate_results_with_a_compiled_schema",
    "event types in a table": "_find_event_types_in_a_table",
    "graph in order": "_run_the_graph_in_order",
    "kept connections": "_keep_the_action_servers_connections",
    "this turn alone": "_tell_actions_of_this_turn_alone",
    "rules remembered": "_remember_which_rules_apply",
    "empty domain once": "_make_the_empty_domain_once",
    "no copies for logs": "_copy_nothing_for_logs_that_nobody_writes",
}
"""The mends that are there for speed."""

if __name__ == "__main__":
    # Here, not above: who reads the list of mends needs no Rasa.
    from bot.engine.without_tensorflow import leave_tensorflow_out

    leave_tensorflow_out()
    from bot.engine import mends
    from bot.engine.__main__ import main

    # The engine reads its own number there.
    setattr(mends, MENDS[sys.argv.pop(1)], lambda: None)
    sys.exit(main())
