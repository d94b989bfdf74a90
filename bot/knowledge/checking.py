"""Check a policy: what it covers, what the law asks for and it lacks, and where its text is doubtful."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.knowledge.clauses import Clause, ClauseKind, matching_form
from bot.knowledge.mapping import TELEPHONE_OR_MAIL, is_dangling
from bot.knowledge.privacy_policy import PrivacyPolicy
from bot.knowledge.references import own_references
from bot.knowledge.topics import topic_table

_ONLINE = re.compile(r"フォーム|https?://")
_ADDRESS = re.compile(r"〒|[都道府県市区町村].{0,20}(?:[一二三四五六七八九十]+(?:丁目|番|号)|.\d)")
_REPRESENTATIVE = re.compile(
    r"代表取締役|代表理事|理事長|代表者|院長|園長|校長|学長|会長|館長|組合長|代表社員|取締役社長|店主|代表[::]"
    r"|(?<![一-龠])代表[ 　]+(?!電話|番号)[一-龠ぁ-んァ-ヴ]"
)
_NAME = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|法人|組合|協会|病院|医院|クリニック|学園|学校|幼稚園|保育園|自治会|町内会|旅館|ホテル|商店|屋"
    r"|[㈱㈲]|[(（][株有][)）]|商会|事務所|公社|公団|アトリエ|サロン|スタジオ|工房|薬局|食堂"
)
_SLIPS = (
    (re.compile(r"第三に提供(?!先)"), "第三者に提供"),
    (re.compile(r"外部流失"), "外部流出"),
    (re.compile(r"個人情法"), "個人情報"),
    (re.compile(r"取り扱い扱い|取扱い扱い"), "取扱い"),
    (re.compile(r"共同利利用|(?<![一-龠])共利用"), "共同利用"),
    (re.compile(r"漏えん|漏洩い"), "漏えい"),
    (re.compile(r"同意得て"), "同意を得て"),
    (re.compile(r"デー夕"), "データ"),
    (re.compile(r"惰報"), "情報"),
    (re.compile(r"期問(?!題)"), "期間"),
    (re.compile(r"(?<=[\d０-９一二三四五六七八九十箇か])([年月日])問(?![題診い])"), r"\1間"),
    (re.compile(r"場合を覗"), "場合を除"),
    # Many verbs end in し themselves: お渡しし、お返しして.
    (re.compile(r"(?<=[一-龠]{2})(?<![渡出返貸示戻消直移写越話押申残増減])しし(?=、|た|て)"), "し"),
    (re.compile(r"([しり得])[ 　]+(ます|ました|ません)"), r"\1\2"),
    (re.compile(r"0[\dOＯ]*[-‐－][-‐－\dOＯ]*[OＯ][-‐－\dOＯ]*"), "数字の0"),
    (re.compile(r"(?<=[一-龠])ははじめ(?![てかにま])"), "をはじめ"),
)
_DOUBLED_PARTICLE = re.compile(r"をを|にに(?=[一-龠])|(?<!も)のの(?=[一-龠])|がが")
_OURSELVES = re.compile("当社|弊社|当院|当園|当校|当会|当店|当館|当法人|本会|本校")
_BROKEN = re.compile(r"(?:とし|および|及び|または|又は|ならびに|かつ|ものとし)[、,]$")
_IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス"
_JOINT_USE = {
    "items": "joint_use_items",
    "parties": "joint_use_parties",
    "purposes": "joint_use_purposes",
    "responsible": "joint_use_responsible",
}


@dataclass(frozen=True)
class Finding:
    """Something to mend or to know; `values` fill the phrase of data/responses/policy.<language>.yml."""

    kind: str
    severity: str
    citation: str = ""
    article: str = ""
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PolicyCheck:
    """The result of a check: topics with their citations, clauses no topic reaches, findings."""

    covered: dict[str, tuple[str, ...]]
    uncovered: tuple[str, ...]
    unreached: tuple[str, ...]
    findings: tuple[Finding, ...]


def check(policy: PrivacyPolicy) -> PolicyCheck:
    """Check one policy against the topic table and the law."""
    covered = {
        topic_id: tuple(clause.citation for clause in clauses)
        for topic_id in topic_table()
        if (clauses := policy.clauses_for(topic_id))
    }
    unreached = tuple(_unreached(policy))
    findings = (
        *_missing_by_law(policy),
        *_doubtful_references(policy),
        *_doubtful_text(policy),
        *_doubtful_structure(policy.tree),
        *(Finding("unreached", "note", citation) for citation in unreached),
    )
    return PolicyCheck(
        covered, tuple(topic_id for topic_id in topic_table() if topic_id not in covered), unreached, findings
    )


def _unreached(policy: PrivacyPolicy) -> Iterator[str]:
    reached = [clause for topic_id in topic_table() for clause in policy.clauses_for(topic_id)]
    for node in policy.tree.walk():
        speaks = node.kind not in {ClauseKind.ROOT, ClauseKind.TITLE, ClauseKind.GROUP, ClauseKind.TABLE}
        is_leaf = speaks and not node.children and len(node.own_text) > 12
        if is_leaf and not any(node.lies_in(clause) or clause.lies_in(node) for clause in reached):
            yield node.citation


def _missing_by_law(policy: PrivacyPolicy) -> Iterator[Finding]:
    if not policy.clauses_for("purposes") and not policy.clauses_for("purpose_service"):
        yield Finding("no_purpose", "law", article="個人情報保護法 21条")
    if not policy.clauses_for("rights_procedure"):
        yield Finding("no_procedure", "law", article="個人情報保護法 32条・37条")
    whole = matching_form(policy.tree.text)
    is_reachable = TELEPHONE_OR_MAIL.search(whole) or _ONLINE.search(whole)
    if not is_reachable or not policy.clauses_for("contact"):
        yield Finding("no_contact", "law", article="個人情報保護法 32条1項4号")
    yield from _missing_operator(policy)
    yield from _missing_of_joint_use(policy)


def _missing_operator(policy: PrivacyPolicy) -> Iterator[Finding]:
    wanted = {"name": _NAME, "address": _ADDRESS, "representative": _REPRESENTATIVE}
    for what, pattern in wanted.items():
        if not pattern.search(policy.tree.text):
            yield Finding("no_operator", "law", article="個人情報保護法 32条1項1号", values=(("missing", what),))


def _missing_of_joint_use(policy: PrivacyPolicy) -> Iterator[Finding]:
    """Name what 27(5)(iii) asks of joint use and the policy doesn't say."""
    joint_use = policy.clauses_for("joint_use")
    if not joint_use:
        return
    article, citation = "個人情報保護法 27条5項3号", joint_use[0].citation
    for what, topic_id in _JOINT_USE.items():
        if not policy.clauses_for(topic_id):
            yield Finding("joint_use_without", "law", citation, article, (("missing", what),))
    responsible = " ".join(clause.text for clause in policy.clauses_for("joint_use_responsible"))
    if _OURSELVES.search(responsible):
        responsible = policy.tree.text  # Its address and representative may stand anywhere.
    if not _ADDRESS.search(responsible):
        yield Finding("joint_use_without", "law", citation, article, (("missing", "responsible_address"),))
    if not _REPRESENTATIVE.search(responsible):
        yield Finding("joint_use_without", "law", citation, article, (("missing", "responsible_representative"),))


def _doubtful_references(policy: PrivacyPolicy) -> Iterator[Finding]:
    for node in policy.tree.walk():
        if node.kind is ClauseKind.ROOT or not node.own_text:
            continue
        if is_dangling(node):
            yield Finding("dangling", "text", node.citation, values=(("words", _announcement(node)),))
            if "責任者" in node.own_text:
                yield Finding("unnamed_person", "text", node.citation)
        dead = [reference for reference in own_references(node, policy.tree) if not reference.targets]
        for words, is_annex in dict.fromkeys((reference.words, reference.is_annex) for reference in dead):
            kind = "missing_annex" if is_annex else "dead_reference"
            yield Finding(kind, "text", node.citation, values=(("words", words),))


def _announcement(node: Clause) -> str:
    match = re.search(r"[^。、]*(?:以下|下記|次|下表|下図)の?(?:とおり|通り|に|を)[^。]*", node.own_text)
    return match.group().strip() if match else node.own_text[-30:]


def _doubtful_text(policy: PrivacyPolicy) -> Iterator[Finding]:
    for node in policy.tree.walk():
        if node.kind is ClauseKind.ROOT:
            continue
        for pattern, meant in _SLIPS:
            if match := pattern.search(node.own_text):
                values = (("words", match.group()), ("meant", match.expand(meant)))
                yield Finding("slip", "text", node.citation, values=values)
        if doubled := _DOUBLED_PARTICLE.search(node.own_text):
            yield Finding("doubled_particle", "text", node.citation, values=(("words", doubled.group()),))
        if _BROKEN.search(node.own_text):
            yield Finding("broken_sentence", "text", node.citation)


def _doubtful_structure(tree: Clause) -> Iterator[Finding]:
    nodes = list(tree.walk())
    if not any(node.kind in {ClauseKind.SECTION, ClauseKind.ITEM, ClauseKind.ROW} for node in nodes):
        yield Finding("no_structure", "structure")
    for node in nodes:
        yield from _numbering(node)


def _numbering(parent: Clause) -> Iterator[Finding]:
    lists: dict[str, list[Clause]] = {}
    for child in parent.children:
        if child.number is not None:
            lists.setdefault(child.style, []).append(child)
    for children in lists.values():
        counts = Counter(child.label for child in children)
        for label, count in counts.items():
            if count > 1:
                values = (("words", label), ("count", str(count)))
                yield Finding("repeated_number", "structure", parent.citation, values=values)
        numbers = _numbers(children)
        for (before, earlier), (after, later) in pairwise(zip(children, numbers, strict=True)):
            values = (("before", before.label), ("words", after.label))
            if later > earlier + 1:
                yield Finding("skipped_number", "structure", after.citation, values=values)
            elif 1 < later < earlier and counts[after.label] == 1:
                yield Finding("backward_number", "structure", after.citation, values=values)


def _numbers(children: Sequence[Clause]) -> list[int]:
    """Give the numbers of a list; イ、ロ、ハ count in the order of the old syllabary."""
    letters = [unicodedata.normalize("NFKC", child.label).strip("().") for child in children]
    if letters[:2] == ["イ", "ロ"] and all(letter in _IROHA for letter in letters):
        return [_IROHA.index(letter) + 1 for letter in letters]
    return [child.number or 0 for child in children]
