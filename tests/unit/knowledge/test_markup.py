from __future__ import annotations

import pytest

from bot.knowledge.markup import is_marked_up, visible


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("  本文です。 ", "本文です。"),
        ("<p>一つ<b>目</b>です。</p>", "一つ目です。"),
        ("一行<br>二行", "一行\n二行"),
        ("<tr><td>種類</td><td>5年</td></tr>", "種類\t5年"),
        ("A &amp; B", "A &amp; B"),
        ("<p>A &amp; B</p>", "A & B"),
        ("前<!-- 見えない\n二行 -->後", "前後"),
        ("<p><w:r>氏名</w:r>と<kbd>番号</kbd></p>", "氏名と番号"),
        ("<my-box><p>本文</p></my-box>", "本文"),
        ("<p>本文<select><option>日本語</select></p>", "本文"),
        ("<style>p{}</style><p>本文</p>", "本文"),
        ("＜ <https://example.com/> ＞", "＜ <https://example.com/> ＞"),
        ("<p>患者様の\n  個人情報</p>", "患者様の個人情報"),
        ("<p>Google\n  Analytics</p>", "Google Analytics"),
    ],
)
def test_what_a_reader_sees(raw: str, seen: str) -> None:
    assert visible(raw) == seen


def test_an_address_in_angle_brackets_is_no_markup() -> None:
    assert not is_marked_up("<https://example.com/>")
    assert not is_marked_up("<mailto:desk@example.com>")
    assert not is_marked_up("3<5で、a-b<c")
    assert is_marked_up("<br>")
