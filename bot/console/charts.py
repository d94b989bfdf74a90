"""Charts as SVG without a script, made by pygal; a page shows them as images, so that its policy stays strict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pygal
from pygal.style import Style
from starlette.responses import Response

CHART_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""pygal writes its colours into a style element; nothing else may work, even if somebody opens the image by itself."""

_FONTS = "'Hiragino Sans', 'Noto Sans JP', 'Noto Sans CJK JP', 'Yu Gothic UI', Meiryo, sans-serif"
_COLORS = ("#14507a", "#e0952f", "#7c8a96", "#3f8f5f", "#a11c1c", "#b9a3cf")
"""Told apart by their lightness too; every series is named in the legend, and every figure stands in a table."""
_WIDE, _NARROW = (1120, 360), (460, 400)
_ROW = 34
_MOST_LABELS = 14
_SIZE, _SIZE_NARROW = 14, 15
_LONGEST_LABEL, _LONGEST_NARROW = 30, 11


@dataclass(frozen=True)
class Series:
    """One colour of a chart: its name, and a number for each label."""

    name: str
    numbers: Sequence[int]


def columns(labels: Sequence[str], series: Sequence[Series], nothing: str, narrow: bool) -> bytes:
    """Draw stacked columns, one a label; without any number it says `nothing`."""
    width, height = _NARROW if narrow else _WIDE
    most = _MOST_LABELS // 2 if narrow else _MOST_LABELS
    chart = pygal.StackedBar(
        **_common(nothing, narrow),
        **_legend(len(series), narrow),
        width=width,
        height=height,
        show_minor_x_labels=False,
    )
    chart.x_labels = labels
    chart.x_labels_major = labels[:: -(-len(labels) // most) or 1]
    return _drawn(chart, series)


def rows(labels: Sequence[str], series: Sequence[Series], nothing: str, narrow: bool) -> bytes:
    """Draw stacked bars from left to right, one a label, the first on top."""
    width, _ = _NARROW if narrow else _WIDE
    size, longest = (_SIZE_NARROW, _LONGEST_NARROW) if narrow else (_SIZE, _LONGEST_LABEL)
    labels = [label if len(label) <= longest else f"{label[: longest - 1]}…" for label in labels]
    chart = pygal.HorizontalStackedBar(
        **_common(nothing, narrow),
        **_legend(len(series), narrow),
        width=width,
        height=_ROW * max(len(labels), 3) + 60 + 24 * len(series),
        # pygal leaves room for letters of the alphabet, which are little more than half as wide.
        margin_left=8 + 0.45 * size * max(map(len, labels), default=0),
    )
    chart.x_labels = list(reversed(labels))
    return _drawn(chart, [Series(one.name, list(reversed(one.numbers))) for one in series])


def answer_chart(svg: bytes) -> Response:
    """Send a chart."""
    return Response(svg, media_type="image/svg+xml", headers={"Content-Security-Policy": CHART_POLICY})


def _legend(series: int, narrow: bool) -> dict[str, Any]:
    """Put the names of several colours below; pygal forgets the room of a row that isn't full."""
    across = min(series, 2 if narrow else 3) or 1
    return {
        "show_legend": series > 1,
        "legend_at_bottom": True,
        "legend_at_bottom_columns": across,
        "margin_bottom": 8 + 24 * bool(series % across),
    }


def _common(nothing: str, narrow: bool) -> dict[str, Any]:
    size = _SIZE_NARROW if narrow else _SIZE
    style = Style(
        background="#fff",
        plot_background="#fff",
        foreground="#1f262c",
        foreground_strong="#1f262c",
        foreground_subtle="#c9d1d8",
        opacity="1",
        colors=_COLORS,
        font_family=_FONTS,
        label_font_size=size,
        major_label_font_size=size,
        legend_font_size=size,
        no_data_font_size=18,
        guide_stroke_color="#e3e8ec",
        major_guide_stroke_color="#c9d1d8",
    )
    return {
        "style": style,
        "js": [],
        "no_prefix": True,
        "no_data_text": nothing,
        "truncate_label": -1,
        "truncate_legend": -1,
        "margin": 8,
        "min_scale": 1,
        "max_scale": 6,
        "rounded_bars": 2,
        "value_formatter": lambda value: f"{value:.0f}" if value == int(value) else "",
    }


def _drawn(chart: Any, series: Sequence[Series]) -> bytes:
    for one in series if any(any(one.numbers) for one in series) else ():
        chart.add(one.name, list(one.numbers))
    chart.add_xml_filter(_without_scripts)
    return bytes(chart.render())


def _without_scripts(root: Any) -> Any:
    """Take away the settings that pygal leaves for its own script."""
    for parent in list(root.iter()):
        for child in [child for child in parent if str(child.tag).rpartition("}")[2] == "script"]:
            parent.remove(child)
    return root
