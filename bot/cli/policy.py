"""`madoguchi policy`: what a policy says, lacks, answers, and what changed in it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.bootstrap import build_companies, build_phrases
from bot.cli.options import Json, no_company, read_settings
from bot.knowledge.answering import PolicyAnswer, answer
from bot.knowledge.asking import topics_of_intent
from bot.knowledge.checking import check
from bot.knowledge.clauses import Clause, ClauseKind
from bot.knowledge.company import Contact
from bot.knowledge.comparing import compare
from bot.knowledge.guessing import guess_topics
from bot.knowledge.privacy_policy import PrivacyPolicy
from bot.knowledge.rendering import render
from bot.knowledge.topics import topic_table
from bot.services.policy_report import finding_words
from bot.understanding.result import Question

app = typer.Typer(help="What a policy says, lacks and answers.", no_args_is_help=True)

File = Annotated[
    Path | None, typer.Option("--file", metavar="POLICY", help="A policy file that belongs to no company.")
]
Understand = Callable[[str], Sequence[Question]]


@dataclass(frozen=True)
class _Asked:
    """A policy to ask, with its company's name, contact and address where it has one."""

    policy: PrivacyPolicy
    name: str = ""
    contact: Contact | None = None
    url: str = ""


@app.command("show")
def show(company: str, as_json: Json = False) -> None:
    """Print the clause tree with citations and topics."""
    policy = _of_company(company).policy
    topics = _topics_of_clauses(policy)
    rows = [
        {
            "citation": node.citation,
            "kind": node.kind.value,
            "heading": node.heading,
            "text": node.own_text,
            "depth": sum(1 for _ in node.ancestors()),
            "topics": topics.get(node.citation, []),
        }
        for node in policy.tree.walk()
        if node.kind is not ClauseKind.ROOT
    ]
    if as_json:
        _print_json(rows)
        return
    typer.echo(f"{policy.title}  {policy.version}")
    for row in rows:
        named = f"  <{', '.join(row['topics'])}>" if row["topics"] else ""
        shown = row["text"].replace("\n", " ")[:60]
        typer.echo(f"{'  ' * int(row['depth'])}{row['citation']}  {shown}{named}")


@app.command("check")
def check_policy(company: Annotated[str, typer.Argument()] = "", file: File = None, as_json: Json = False) -> None:
    """Report what a policy covers and lacks, and where its text or structure is doubtful."""
    policy = _asked(company, file).policy
    result, phrases = check(policy), build_phrases()
    findings = [
        {
            "kind": finding.kind,
            "severity": finding.severity,
            "citation": finding.citation,
            "article": finding.article,
            "text": finding_words(finding, phrases),
        }
        for finding in result.findings
    ]
    if as_json:
        covered = [{"topic": topic, "citations": list(cited)} for topic, cited in result.covered.items()]
        _print_json(
            {
                "title": policy.title,
                "version": policy.version,
                "tree": [_outline(child) for child in policy.tree.children],
                "covered": covered,
                "uncovered": list(result.uncovered),
                "unreached": list(result.unreached),
                "findings": findings,
            }
        )
        return
    table = topic_table()
    typer.echo(f"{policy.title}  {policy.version}\n\n{phrases.text('check_tree')}")
    for line in _tree_lines(policy.tree):
        typer.echo(line)
    typer.echo(f"\n{phrases.text('check_covered')}")
    for topic, cited in result.covered.items():
        typer.echo(f"  {table[topic].label}: {'、'.join(cited)}")
    typer.echo(f"\n{phrases.text('check_uncovered')}")
    for topic in result.uncovered:
        typer.echo(f"  {table[topic].label}")
    typer.echo(f"\n{phrases.text('check_findings')}")
    for item in findings:
        where = " ".join(part for part in (item["citation"], item["text"], item["article"]) if part)
        typer.echo(f"  [{phrases.text('check_' + item['severity'])}] {where}")
    if not findings:
        typer.echo(f"  {phrases.text('check_nothing')}")


@app.command("ask")
def ask(
    words: Annotated[list[str] | None, typer.Argument(metavar="[COMPANY] [QUESTION]")] = None,
    file: File = None,
    batch: Annotated[bool, typer.Option("--batch", help="Read one question a line from standard input.")] = False,
    as_json: Json = False,
) -> None:
    """Answer a question with the clauses of a policy, without dialogue."""
    given = list(words or [])
    company = "" if file is not None else _taken(given, "COMPANY is missing; or give --file POLICY")
    question = "" if batch else _taken(given, "QUESTION is missing; or give --batch and questions on standard input")
    if given:
        raise typer.BadParameter(f"unexpected argument {given[0]!r}; quote the question as one argument")
    asked = _asked(company, file)
    understand = _understander()
    for line in _lines() if batch else [question]:
        answers = [answer(asked.policy, part.text, part.topics, part.clause) for part in understand(line)]
        row = _row(line, answers, asked)
        if batch or as_json:
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        else:
            typer.echo(row["answer"])


@app.command("diff")
def diff(old: str, new: str, as_json: Json = False) -> None:
    """Tell which clauses changed from OLD to NEW, each a policy file or a company."""
    changes = compare(_file_or_company(old), _file_or_company(new))
    if as_json:
        _print_json([vars(change) for change in changes])
        return
    phrases = build_phrases()
    for change in changes:
        cited = " → ".join(dict.fromkeys(part for part in (change.old_citation, change.new_citation) if part))
        typer.echo(f"{phrases.text('diff_' + change.kind)}: {cited}")
        for sign, text in (("-", change.old_text), ("+", change.new_text)):
            for line in text.splitlines():
                typer.echo(f"  {sign} {line}")
    if not changes:
        typer.echo(phrases.text("diff_same"))


def _taken(given: list[str], missing: str) -> str:
    if not given:
        raise typer.BadParameter(missing)
    return given.pop(0)


def _lines() -> Iterator[str]:
    """Give standard input's lines without their ends; bytes that are no UTF-8 don't stop a batch."""
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", errors="replace").rstrip("\r\n")


def _asked(company: str, file: Path | None) -> _Asked:
    if company and file is not None:
        raise typer.BadParameter("give either a COMPANY or --file POLICY, not both")
    if file is not None:
        read_settings()
        return _Asked(_of_file(file))
    if not company:
        raise typer.BadParameter("give a COMPANY or --file POLICY")
    return _of_company(company)


def _of_company(company_id: str) -> _Asked:
    library = build_companies(read_settings())
    if company_id not in library.ids():
        raise no_company(library, company_id, "COMPANY")
    company = library.get(company_id)
    return _Asked(company.policy, company.name, company.contact, company.policy_url)


def _of_file(path: Path) -> PrivacyPolicy:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise typer.BadParameter(f"{path} can't be read: {reason}", param_hint="--file") from None
    if not text.strip():
        raise typer.BadParameter(f"{path} is empty", param_hint="--file")
    return PrivacyPolicy.from_text(text)


def _file_or_company(name: str) -> PrivacyPolicy:
    return _of_file(Path(name)) if Path(name).is_file() else _of_company(name).policy


def _understander() -> Understand:
    """Give the trained understanding, or the topic table's own patterns where no model is trained."""
    # scikit-learn takes seconds to import, and only this command needs it.
    from bot.understanding.model import ModelMissingError, load_model

    try:
        model = load_model()
    except ModelMissingError:
        return lambda text: [Question(text, tuple(guess_topics(text)))]

    def understand(text: str) -> Sequence[Question]:
        understood = model.understand(text)
        topics = topics_of_intent(understood.intent, understood.ranking, text)
        return understood.questions or [Question(text, tuple(topics))]

    return understand


def _row(question: str, answers: Sequence[PolicyAnswer], asked: _Asked) -> dict[str, Any]:
    rendered = render(answers, asked.name, asked.contact, build_phrases(), asked.url)
    passages = [passage for one in answers for passage in one.passages]
    passages += [reference for passage in passages for reference in passage.references]
    clauses = {passage.citation: passage.text for passage in passages}
    return {
        "question": question,
        "answer": rendered.text,
        "clauses": [{"citation": citation, "text": text} for citation, text in clauses.items()],
        "covered": any(one.covered for one in answers),
    }


def _topics_of_clauses(policy: PrivacyPolicy) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for topic_id in topic_table():
        for clause in policy.clauses_for(topic_id):
            found.setdefault(clause.citation, []).append(topic_id)
    return found


def _outline(clause: Clause) -> dict[str, Any]:
    return {
        "citation": clause.citation,
        "kind": clause.kind.value,
        "heading": clause.heading,
        "children": [_outline(child) for child in clause.children],
    }


def _tree_lines(tree: Clause) -> Iterator[str]:
    for node in tree.walk():
        if node.kind is not ClauseKind.ROOT:
            shown = node.own_text.replace("\n", " ")[:40]
            yield f"  {'  ' * sum(1 for _ in node.ancestors())}{node.citation}  {shown}"


def _print_json(data: object) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
