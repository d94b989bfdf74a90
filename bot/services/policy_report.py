"""The result of a policy's check in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.knowledge.checking import Finding, check
from bot.knowledge.privacy_policy import PrivacyPolicy
from bot.knowledge.topics import topic_table
from bot.services.phrases import Phrasebook


@dataclass(frozen=True)
class Remark:
    """Something to mend or to know: `severity` is law, text, structure or note."""

    severity: str
    citation: str
    words: str
    article: str


@dataclass(frozen=True)
class PolicyReport:
    """What a policy covers, by topic label with citations, what it leaves open, and what is to be said of its text."""

    version: str
    covered: Sequence[tuple[str, Sequence[str]]]
    uncovered: Sequence[str]
    remarks: Sequence[Remark]


def report(policy: PrivacyPolicy, phrases: Phrasebook) -> PolicyReport:
    """Check a policy and put the result into words."""
    found, table = check(policy), topic_table()
    return PolicyReport(
        policy.version,
        [(table[topic].label, cited) for topic, cited in found.covered.items()],
        [table[topic].label for topic in found.uncovered],
        [_remark(finding, phrases) for finding in found.findings],
    )


def finding_words(finding: Finding, phrases: Phrasebook) -> str:
    """Say what was found."""
    values = dict(finding.values)
    if "missing" in values:
        values["missing"] = phrases.text(f"missing_{values['missing']}")
    return phrases.text(f"finding_{finding.kind}", **values)


def _remark(finding: Finding, phrases: Phrasebook) -> Remark:
    return Remark(finding.severity, finding.citation, finding_words(finding, phrases), finding.article)
