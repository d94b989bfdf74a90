from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.knowledge.clauses import Clause
from bot.knowledge.parsing import parse

ROOT = Path(__file__).resolve().parents[3]
POLICIES = sorted([*ROOT.glob("data/policies/*/policy.md"), *ROOT.glob("tests/fixtures/companies/*/policy.md")])

MARKS = [
    *(
        "# ",
        "## 1. ",
        "1. ",
        "１．",
        "第1条 ",
        "第１条（目的）",
        "第一条　",
        "(1) ",
        "（２）",
        "①",
        "②",
        "■ ",
        "●",
        "・",
    ),
    *("- ", "* ", "ア ", "a. ", "i) ", "※", "| a | b |\n|---|---|\n| ", "名前\t・", "<p>", "</p>", "<li>", "<ol>"),
    *("<tr><td>", "</table>", "<!-- ", " -->", "<h2>", "<dt>", "＜利用目的＞", "【窓口】", "\n", "\n\n", "\t", "　"),
    *("\r\n", "---\n", "**", "&amp;", "<script>", "</script>", "<br>", "個人情報を利用します。", "利用目的", "。"),
    *("以下のとおりです。", "上記1. ①～③", "0123-45-6789"),
    *("氏名、", "- 1 -", "2 / 3 ページ", "<nav>", "</nav>", "<footer>", "</footer>", "<dl>", "</dl>", "</ol>"),
]
documents = st.lists(st.one_of(st.sampled_from(MARKS), st.text(max_size=12)), max_size=40).map("".join)


def text_of(tree: Clause) -> str:
    return "".join(node.source[node.start : node.end] for node in tree.walk())


def citations(source: str) -> list[str]:
    return [node.citation for node in parse(source).walk() if node.citation]


@given(documents)
@settings(max_examples=400, deadline=None)
@example("1. a\n- 1) b\n\n1. c")
def test_the_clauses_in_order_give_the_text_back(source: str) -> None:
    assert text_of(parse(source)) == source


@given(documents)
@settings(max_examples=200, deadline=None)
def test_no_two_clauses_share_a_citation(source: str) -> None:
    found = citations(source)
    assert len(found) == len(set(found))


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.parent.name)
def test_published_policies_lose_nothing_and_cite_each_clause_once(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert text_of(parse(source)) == source
    found = citations(source)
    assert len(found) == len(set(found))


def test_okuras_four_lists_of_circled_numbers_stay_apart() -> None:
    source = (ROOT / "data/policies/okura/policy.md").read_text(encoding="utf-8")
    found = [citation for citation in citations(source) if citation.endswith("①")]
    assert found == ["2.(1)①", "7.(1)①", "7.(2)①", "7.(3)①", "9.①"]


def test_lines_without_a_number_below_an_item_belong_to_it() -> None:
    tree = parse((ROOT / "data/policies/okura/policy.md").read_text(encoding="utf-8"))
    first = next(node for node in tree.walk() if node.citation == "7.(1)①")
    assert "会員です。" in first.text
    assert "母体となっている企業です。" in first.text
    assert "ブロードリーフ" not in first.text


def test_the_second_list_of_a_section_is_named_by_its_introduction() -> None:
    tree = parse((ROOT / "data/policies/kagoshima/policy.md").read_text(encoding="utf-8"))
    nodes = {node.citation: node for node in tree.walk()}
    assert nodes["2.①"].text == "① お客様の同意を得ている場合"
    assert nodes["2.（共同利用）④"].heading == "管理責任者"


def test_a_definition_rows_items_split_at_a_bullet_after_white_space_alone() -> None:
    tree = parse((ROOT / "data/policies/kagoshima/policy.md").read_text(encoding="utf-8"))
    row = next(node for node in tree.walk() if node.citation == "2.（共同利用）①")
    items = [child.own_text for child in row.children]
    assert len(items) == 9
    assert items[0] == "・住所、氏名、電話番号、メールアドレス"
    assert items[2] == "・お客様の来店・商談情報"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("第１条（目的）\n本文です。\n第２条（利用）\n本文です。", ["第1条", "第1条 本文", "第2条", "第2条 本文"]),
        ("（目的）\n第一条　本文です。\n（利用）\n第二条　本文です。", ["「目的」", "第一条", "「利用」", "第二条"]),
        ("１．取得\n（１）氏名\n（２）住所\n２．利用", ["1.", "1.(1)", "1.(2)", "2."]),
        (
            "1. 目的\na. 一\nア 二\ni) 三\nii) 四\nイ 五\nb. 六",
            ["1.", "1.a.", "1.a.ア", "1.a.アi.", "1.a.アii.", "1.a.イ", "1.b."],
        ),
        (
            "# 方針\n## 取得\n- 氏名\n- 住所\n## 利用\n本文です。",
            ["「取得」", "「取得」・1", "「取得」・2", "「利用」", "「利用」 本文"],
        ),
        ("1. 取得\n本文。\n1. 利用\n本文。", ["1.", "1. 本文", "1.（利用）", "1.（利用） 本文"]),
        ("第l条　取得します。\n第２条　利用します。", ["第1条", "第2条"]),
        (
            "1. 目的\nA. 会員\nア 名簿\nイ 会報\nB. 寄付者\nア 礼状\nイ 領収書",
            ["1.", "1.A.", "1.A.ア", "1.A.イ", "1.B.", "1.B.ア", "1.B.イ"],
        ),
        ("1. 例外\n一、法令による場合\n二、急病の場合", ["1.", "1.一", "1.二"]),
        (
            "１　例外\n一　法令による場合\n二　急病の場合\n２　廃棄\n一　裁断する場合\n二　溶解する場合",
            ["1", "1一", "1二", "2", "2一", "2二"],
        ),
        (
            "1. 会員\nⅠ. 名簿\nⅡ. 会報\n2. 寄付者\nⅠ. 礼状\nⅡ. 領収書",
            ["1.", "1.Ⅰ.", "1.Ⅱ.", "2.", "2.Ⅰ.", "2.Ⅱ."],
        ),
        ("１．取得\n（１）氏名\n２　廃棄\n本文です。\n３．窓口", ["1.", "1.(1)", "2", "2 本文", "3."]),
        (
            "第１章　総則\n（窓口）\n第１条　次のとおりとする。\n\n附則\n四月から施行する。",
            ["第1章", "第1章（窓口）", "第1条", "「附則」", "「附則」 本文"],
        ),
        ("<h2>1. 目的</h2><ol><li>診療</li><li>会計</li></ol>", ["1.", "1.1.", "1.2."]),
        ("1. 表\n\n| 種類 | 期間 |\n|---|---|\n| 記録 | 5年 |", ["1.", "1.（表）", "1.（記録）"]),
        ("<dl><dt>電話</dt><dd>012</dd></dl>", ["「電話」", "「電話」 本文"]),
        (
            "<h2>1. 窓口</h2><dl><dt>電話</dt><dd>012</dd></dl><p>制定</p>",
            ["1.", "1.（電話）", "1.（電話） 本文", "1. 本文"],
        ),
        (
            "<h2>1. 相手</h2><ol type=i><li>甲<ol><li>東</li><li>西</li></ol></li></ol><p>末尾です。</p>",
            ["1.", "1.i.", "1.i.1.", "1.i.2.", "1. 本文"],
        ),
        ("<ol><li>取得</li></ol><p>本文。</p><ol start=2><li>窓口</li></ol>", ["1.", "1. 本文", "2."]),
        ("<ul><li>写真<br>（行事のもの）</li><li>名簿</li></ul>", ["・1", "・1 本文", "・2"]),
    ],
)
def test_numbering_of_many_kinds(source: str, expected: list[str]) -> None:
    assert citations(source) == expected


def test_a_comment_is_no_text() -> None:
    tree = parse("# 方針\n\n<!-- 第9条 旧い文 -->\n\n1. 利用\n本文<!-- 内緒 -->です。\n")
    shown = "".join(node.own_text for node in tree.walk())
    assert "旧い文" not in shown
    assert "内緒" not in shown
    assert "本文です。" in shown


def test_a_page_number_inside_a_clause_is_not_shown() -> None:
    source = "1. 写真\n当園は写真を保護者に\n- 3 -\n配ります。\n4 / 5 ページ\n2. 名簿\n"
    tree = parse(source)
    assert text_of(tree) == source
    assert [clause.text for clause in tree.children] == ["1. 写真\n当園は写真を保護者に\n配ります。", "2. 名簿"]


def test_a_wrapped_sentence_stays_one_paragraph() -> None:
    tree = parse("1. 利用\n\n当社は、お客様からお預かりした個人情報を、次に掲げる目的のために限り\n利用いたします。\n")
    assert tree.children[0].children[0].own_text.endswith("利用いたします。")
    assert len(tree.children[0].children) == 1


def test_a_paragraph_after_a_list_belongs_to_what_holds_the_list() -> None:
    tree = parse("(1) 利用\n\n① 一です。\n② 二です。\n\nこの停止は申し出てください。\n")
    section = tree.children[0]
    assert [child.citation for child in section.children] == ["(1)①", "(1)②", "(1) 本文"]
