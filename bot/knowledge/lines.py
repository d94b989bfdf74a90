"""Tell headings from items and sentences in the lines of a policy."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.knowledge.markers import Marker, list_label, read_marker, title_in_parens
from bot.knowledge.segments import Segment

_SENTENCE_END = re.compile(
    r"[。．!！?？]$|(?:ます|です|ません|した|とする|する|こと|ため|為|場合|とき|時|もの|もの)[。)）]?$"
)
# Ends of an item as well as of a heading: お預かりするもの.
_EITHER_END = re.compile(r"(?:こと|場合|とき|時|もの)$")
_ANNOUNCES = re.compile(r"以下|下記|次の|つぎの")
_SENTENCE = re.compile(r"。|(?:ます|です|ません|ました)(?:[がの、]|$)|(?:し|い|り|て|は)、")
_HEADING_WORDS = re.compile(
    r"個人|情報|データ|方針|ポリシー|目的|提供|開示|訂正|削除|停止|請求|管理|安全|共同|委託|窓口|問い?合わ?せ|連絡|苦情|相談|"
    r"cookie|クッキー|アクセス|解析|法令|規範|遵守|取得|収集|利用|同意|改定|変更|改善|見直し|保存|保管|期間|手数料|本人|"
    r"確認|未成年|子ども|こども|匿名|仮名|要配慮|センシティブ|マイナンバー|について|とは|附則|はじめに|その他|義務|責任|"
    r"定義|範囲|適用|免責|広告|リンク|セキュリティ|権利|プライバシー|カメラ|写真|名簿|記録|扱い|質問|お願い|お知らせ|ssl",
    re.IGNORECASE,
)
_NOT_HEADING = re.compile(
    r"[0-9０-９]{3,}|@|＠|://|〒|^以上[。.]?$|^記$|(?:株式会社|有限会社|法人|代表|理事長|院長|会長|社長|TEL|電話番号|制定|改定日|施行日|更新日)"
    r".*[0-9０-９一-龠 　]$|[、,，]$",
    re.IGNORECASE,
)
_INLINE_HEADINGS = (
    re.compile(r"^[（(【\[［〔「]([^）)】\]］〕」]{2,40})[)）】\]］〕」][\s　:：]*(.*)$", re.DOTALL),
    re.compile(r"^([^。、\t]{2,30}?)(?:[\s　]+|\s*[:：]\s*|\t)(?=\S)(.*)$", re.DOTALL),
)
_TITLE = re.compile(
    r"プライバシー[・\s]*(?:ポリシー|ステートメント|ノーティス)|個人情報.*(?:方針|指針|規程|規約|宣言|取り?扱い?)|privacy|(?:方針|ポリシー)$",
    re.IGNORECASE,
)
_SEVERAL = 3
_BARE_HEADING = 20


@dataclass(frozen=True)
class Line:
    """A visible segment with its marker and with the heading told from the words that follow it."""

    segment: Segment
    marker: Marker | None
    heading: str
    body: str

    @property
    def is_structural(self) -> bool:
        """Tell whether the line opens a clause instead of continuing one."""
        return self.marker is not None or self.segment.level > 0

    @property
    def is_heading(self) -> bool:
        """Tell whether the line is a heading and nothing else."""
        return bool(self.heading) and not self.body

    @property
    def style(self) -> str:
        """Name the kind of sign or heading that opens the line; empty where none does."""
        if self.segment.level:
            return f"h{self.segment.level}"
        return self.marker.style if self.marker else ""

    @property
    def rank(self) -> float:
        """Give how deep the line lies, 0 outermost; a sign before a sentence or a bare noun is a bullet, no heading."""
        if self.segment.level:
            return self.segment.level / 10
        if self.marker is None:
            return 99.0
        if self.heading in {"附則", "附 則", "附　則"}:
            return 1.0
        return 9.0 if self.style.startswith("symbol") and not self.heading else self.marker.rank


def read_lines(segments: Sequence[Segment]) -> list[Line]:
    """Read all lines; (目的) above 第1条 and headings without a sign need their neighbours to be told."""
    lines = [read_line(segment) for segment in segments]
    shown = [index for index, line in enumerate(lines) if not line.segment.is_blank]
    following: dict[int, Line | None] = {index: lines[after] for index, after in pairwise(shown)}
    for index in shown:
        line, below = lines[index], following.get(index)
        if (title := title_in_parens(line.segment.text)) and _is_article(below):
            lines[index] = Line(line.segment, Marker("parens-title", "", 1.9), title, "")
        elif not line.is_structural and is_plain_heading(line.segment, below.segment if below else None):
            lines[index] = _as_heading(line)
    if sum(1 for line in lines if line.style == "plain") >= _SEVERAL:
        above: Segment | None = None
        for index in shown:
            line, below = lines[index], following.get(index)
            if not line.is_structural and is_bare_heading(line.segment, below.segment if below else None, above):
                lines[index] = _as_heading(line)
            above = line.segment
    return lines


def _as_heading(line: Line) -> Line:
    return Line(line.segment, Marker("plain", "", 3.2), line.segment.text.strip(" 　:："), "")


def _is_article(line: Line | None) -> bool:
    return line is not None and line.marker is not None and line.marker.style == "article"


def read_line(segment: Segment) -> Line:
    """Read one visible segment by itself."""
    marker, rest = read_marker(segment.text)
    if segment.is_row_item:
        return Line(segment, Marker("row-item", "・", 9.5), "", segment.text)
    if segment.list_number is not None and marker is None:
        # The lists of HTML are as deep as they are nested.
        style, rank = f"ordered{segment.indent}", 6.2 + segment.indent / 10
        label = list_label(segment.list_number, segment.list_type)
        marker, rest = Marker(style, label, rank, segment.list_number), segment.text
    if segment.is_term and marker is None:
        return Line(segment, Marker("term", "", 3.4), segment.text, "")
    if marker is not None and marker.style == "parens" and not segment.blank_before:
        return Line(segment, None, "", segment.text)
    if segment.level:
        return Line(segment, marker, rest.replace("\t", " "), "")
    if marker is None:
        return Line(segment, None, "", segment.text)
    heading, body = _split_heading(rest.replace("\n", ""), marker)
    return Line(segment, marker, heading, body)


def _split_heading(rest: str, marker: Marker) -> tuple[str, str]:
    if marker.style.startswith("bracket") and "\t" in rest:
        heading, _, body = rest.partition("\t")
        return heading, body
    if looks_like_heading(rest):
        return plain_heading(rest), ""
    for pattern in _INLINE_HEADINGS:
        match = pattern.match(rest)
        if match and _is_inline_heading(match.group(1)):
            return (plain_heading(match.group(1)), match.group(2).strip())
    return "", rest


def _is_inline_heading(words: str) -> bool:
    return not _SENTENCE.search(words) and not _SENTENCE_END.search(words) and "http" not in words


def plain_heading(heading: str) -> str:
    """Strip the brackets that wrap a heading as a whole."""
    match = re.match(r"^[（(【\[［〔「＜<]([^）)】\]］〕」＞>]+)[)）】\]］〕」＞>]$", heading.strip())
    return (match.group(1) if match else heading).strip(" 　:：*")


def looks_like_heading(text: str) -> bool:
    """Tell whether `text` is short and says nothing by itself, like 個人情報の利用目的."""
    return (
        0 < len(text) <= 45
        and "\n" not in text
        and not _SENTENCE.search(text)
        and not _SENTENCE_END.search(text)
        and not text.endswith(("、", "，", ","))
    )


def is_plain_heading(segment: Segment, following: Segment | None) -> bool:
    """Tell whether an unnumbered line is a heading: short, of a policy's words, above something longer."""
    text = segment.text
    if not _may_head(segment) or following is None:
        return False
    if not segment.blank_before and not text.endswith(("について", "とは", "方針", "目的")):
        return False
    return bool(_HEADING_WORDS.search(text))


def is_bare_heading(segment: Segment, following: Segment | None, above: Segment | None = None) -> bool:
    """Tell whether a line heads a sentence, whatever its words: only for policies whose headings have no signs."""
    heads = following is not None and following.text.endswith("。") and len(following.text) > len(segment.text)
    if not heads or not segment.blank_before or len(segment.text) > _BARE_HEADING:
        return False
    # A noun that ends headings alone stands for the one that ends items, too.
    return _may_head(segment, _EITHER_END.sub("方針", segment.text) if _starts_anew(above) else segment.text)


def _starts_anew(above: Segment | None) -> bool:
    """Tell whether what stands above is over, so that the next line is no item of a list."""
    if above is None or is_title(above.text):
        return True
    return above.text.endswith("。") and not _ANNOUNCES.search(above.text)


def _may_head(segment: Segment, words: str = "") -> bool:
    text = segment.text
    plain = not segment.cells and len(text) <= 40 and ":" not in text[:-1] and "：" not in text[:-1]
    return plain and looks_like_heading(words or text) and not _NOT_HEADING.search(text)


def is_title(text: str) -> bool:
    """Tell whether a heading names the whole policy."""
    return len(text) <= 40 and bool(_TITLE.search(text))
