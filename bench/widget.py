"""What the website's chat costs a customer's phone: `python -m bench.widget`."""

from __future__ import annotations

import gzip
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bot.channels.web.script import SCRIPT
from tests.browser.conftest import ARGUMENTS, PHONE
from tests.browser.desk_process import DeskProcess
from tests.left_out import CHROMIUM
from tests.ports import free_port

RUNS = 5
SLOWER = 4
NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
"""Lighthouse's slow 4G; with the processor slowed to a quarter, its idea of a cheap phone."""

_SHIFTS = """
window.shifts = 0;
const add = (shift) => shift.hadRecentInput || (window.shifts += shift.value);
new PerformanceObserver((list) => list.getEntries().forEach(add)).observe({ type: "layout-shift", buffered: true });
"""


def load(browser: Browser, address: str) -> dict[str, float]:
    """Load the page once in a fresh browser; seconds and shares."""
    context = browser.new_context(**PHONE, locale="ja-JP")
    page = context.new_page()
    page.add_init_script(_SHIFTS)
    session = context.new_cdp_session(page)
    session.send("Performance.enable")
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="commit")
    page.get_by_role("button", name="個人情報のご相談").wait_for()
    usable = page.evaluate("performance.now()") / 1000
    script = _metric(session, "ScriptDuration")
    began = page.evaluate("performance.now()")
    page.get_by_role("button", name="個人情報のご相談").tap()
    page.get_by_role("group", name="選べるお返事").wait_for()
    opened = (page.evaluate("performance.now()") - began) / 1000
    figures = {"usable": usable, "script": script, "opened": opened, "shift": page.evaluate("window.shifts")}
    context.close()
    return figures


def _metric(session: Any, name: str) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == name))


@dataclass(frozen=True)
class WidgetFigures:
    """The script's size in KB, and medians: seconds, and the share of the page that moved."""

    small_kb: float
    plain_kb: float
    usable_s: float
    script_s: float
    opened_s: float
    shift: float


def measure_widget() -> WidgetFigures:
    """Load the page some times on a desk of its own."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        desk = DeskProcess(free_port(), Path(folder))
        desk.start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM.path(), args=ARGUMENTS)
        try:
            runs = [load(browser, f"{desk.url}/page/plain?company=okura") for _ in range(RUNS)]
        finally:
            browser.close()
            desk.kill()
    middle = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    plain = SCRIPT.read_bytes()
    small = gzip.compress(plain, 9, mtime=0)
    return WidgetFigures(
        len(small) / 1024, len(plain) / 1024, middle["usable"], middle["script"], middle["opened"], middle["shift"]
    )


def section(figures: WidgetFigures) -> str:
    """Lay the figures out as a part of docs/benchmarks.md."""
    return f"""## The chat on a customer's phone

widget.js is {figures.small_kb:.1f} KB after gzip, {figures.plain_kb:.1f} KB plain. On slow 4G with a quarter of this
machine's processor, medians of {RUNS} fresh loads:

| | |
|---|---|
| button usable after the page was asked for | {figures.usable_s:.2f} s |
| script time until then | {figures.script_s * 1000:.0f} ms |
| greeting after the tap | {figures.opened_s:.2f} s |
| layout shift | {figures.shift:.3f} |
"""


def main() -> None:
    """Measure and print."""
    print(section(measure_widget()))


if __name__ == "__main__":
    main()
