"""Topics for messages that are no question about the policy, but that a policy has something to say to."""

from collections.abc import Mapping, Sequence

from bot.knowledge.guessing import guess_topics

_PERHAPS = 0.2
# A guess about what seems no matter of the desk answers only where the clause shares words with the question.
_OUT_OF_SCOPE = 0.1
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
    """Give the topics that a wish touches; a message that is perhaps a question is guessed by its words."""
    if intent in _TOPICS_OF_INTENT:
        return _TOPICS_OF_INTENT[intent]
    doubt = 1.0 if dict(ranking).get("ask_policy", 0.0) >= _PERHAPS else _OUT_OF_SCOPE
    return [(topic_id, doubt * probability) for topic_id, probability in guess_topics(text)]
