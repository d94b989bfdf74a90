"""Topics for messages that are no question about the policy, but that a policy has something to say to."""

from collections.abc import Mapping, Sequence

from bot.knowledge.guessing import guess_topics

# A message as surely out of scope as this is answered by its words alone; a guess about another weighs twice the
# share that its being a question has, and at least a little.
_OUT_OF_SCOPE, _LEAST = 0.75, 0.1
_TOPICS_OF_INTENT: Mapping[str, tuple[tuple[str, float], ...]] = {
    "request_disclosure": (("rights_procedure", 0.9),),
    "request_provision_records": (("provision_records_info", 0.6), ("rights_procedure", 0.3)),
    "request_purpose_notification": (("rights_procedure", 0.6), ("purposes", 0.3)),
    "request_correction": (("rights_procedure", 0.9),),
    "request_erasure": (("rights_procedure", 0.6), ("disposal", 0.3)),
    "request_stop_use": (("rights_procedure", 0.6), ("marketing_opt_out", 0.3)),
    "request_stop_provision": (("rights_procedure", 0.6), ("third_party", 0.3)),
    "request_stop_marketing": (("marketing_opt_out", 0.6), ("rights_procedure", 0.3)),
    "request_about_another": (("agent_request", 0.6), ("rights_procedure", 0.3)),
    "ask_followup_contact": (("contact", 0.9),),
    "ask_followup_purpose": (("purposes", 0.9),),
    "ask_handoff": (("contact", 0.9),),
    "complain": (("complaints", 0.6), ("contact", 0.3)),
    "report_leak": (("leak_response", 0.6), ("contact", 0.3)),
}


def topics_of_intent(intent: str, ranking: Sequence[tuple[str, float]], text: str) -> Sequence[tuple[str, float]]:
    """Give the topics that a wish touches; what is perhaps a question is guessed by its words."""
    if intent in _TOPICS_OF_INTENT:
        return _TOPICS_OF_INTENT[intent]
    shares = dict(ranking)
    if shares.get("out_of_scope", 0.0) >= _OUT_OF_SCOPE:
        return ()
    trust = min(max(2 * shares.get("ask_policy", 0.0), _LEAST), 1.0)
    return [(topic_id, trust * probability) for topic_id, probability in guess_topics(text)]
