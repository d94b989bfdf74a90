"""What a reader sees of published text: HTML tags, entities and comments resolved."""

import html
import re

_BLOCK = (
    "h[1-6]|p|div|ul|ol|li|dl|dt|dd|table|thead|tbody|tfoot|tr|caption|section|article|header|footer|main|nav|"
    "body|html|blockquote|pre|address|figure|form|details|summary|hr|center|aside|fieldset"
)
_INLINE = (
    "br|td|th|span|strong|b|em|i|u|a|small|sup|sub|font|code|img|ruby|rt|rp|button|input|label|meta|link|title|"
    "time|wbr|noscript|mark|s|del|ins|cite|col|colgroup|figcaption|iframe|svg|path|abbr|acronym|area|audio|base|bdi|bdo|"
    "big|canvas|data|datalist|dfn|dialog|embed|hgroup|kbd|legend|map|menu|meter|nobr|object|optgroup|option|output|param|"
    "picture|progress|q|samp|search|select|slot|source|strike|textarea|track|tt|var|video|"
    "[a-z][a-z0-9]*[:-][a-z][a-z0-9:-]*"  # Elements of other vocabularies and of the page's own: o:p, my-menu.
)
_END = r"(?:\s[^<>]*|/)?>"
COMMENT = r"<!--.*?-->"
# A menu and what closes the page belong to the site; the footer of an article belongs to its text.
HIDDEN = r"<(script|style|head|template|nav|select)\b[^>]*>.*?</\1\s*>"
_CLOSERS = r"(?:\s|</div\s*>|<script\b(?:(?!</script).)*</script\s*>)*"
PAGE_FOOTER = rf"<footer\b[^>]*>(?:(?!</?footer).)*</footer\s*>{_CLOSERS}</body\s*>"
_NO_TITLE = r"(?!</?header|<h[1-6]\b)"
SITE_HEADER = rf"<header\b[^>]*>(?:{_NO_TITLE}(?!<nav\b).)*<nav\b(?:{_NO_TITLE}.)*</header\s*>"
BLOCK_TAG = re.compile(rf"<(/?)({_BLOCK}){_END}", re.IGNORECASE)
ANY_TAG = re.compile(rf"</?(?:{_BLOCK}|{_INLINE}){_END}|<!doctype[^>]*>", re.IGNORECASE)
UNSEEN = re.compile(rf"{COMMENT}|{SITE_HEADER}|{HIDDEN}|{PAGE_FOOTER}", re.IGNORECASE | re.DOTALL)

_BREAK = re.compile(rf"<br{_END}|</?(?:{_BLOCK}){_END}", re.IGNORECASE)
_CELL_END = re.compile(r"</t[dh]\s*>", re.IGNORECASE)
_WRAP = re.compile(r"[ \t\r]*\n[ \t\r]*")


def is_marked_up(raw: str) -> bool:
    """Tell whether `raw` shows a reader something other than its own characters."""
    return bool(UNSEEN.search(raw) or ANY_TAG.search(raw))


def visible(raw: str) -> str:
    """Give the text a reader sees, stripped; plain text comes back as it is."""
    if not is_marked_up(raw):
        return raw.strip()
    seen = UNSEEN.sub("", raw)
    if ANY_TAG.search(seen):
        seen = html.unescape(_untagged(seen))
    lines = (line.strip(" \r") for line in seen.split("\n"))
    return "\n".join(line for line in lines if line.strip()).strip()


def _untagged(seen: str) -> str:
    """Drop tags; line ends of the source are mere wrapping where tags make the lines."""
    seen = _WRAP.sub(_joint, seen)
    seen = _BREAK.sub("\n", _CELL_END.sub("\t", seen))
    return ANY_TAG.sub("", seen)


def _joint(wrap: re.Match[str]) -> str:
    before, after = wrap.string[: wrap.start()][-1:], wrap.string[wrap.end() :][:1]
    return " " if before.isascii() and after.isascii() and before.isalnum() and after.isalnum() else ""
