"""What the website's chat costs a customer's phone: `python -m bench.widget`."""

from __future__ import annotations

import gzip
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bot.channels.web.script import SCRIPT
from tests.browser.conftest import ARGUMENTS, PHONE
from tests.browser.desk_process import DeskProcess, free_port
from tests.left_out import CHROMIUM

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


def main() -> None:
    """Measure and print."""
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
    size = len(gzip.compress(SCRIPT.read_bytes(), 9, mtime=0))
    print(f"widget.js: {size / 1024:.1f} KB after gzip, {len(SCRIPT.read_bytes()) / 1024:.1f} KB plain")
    print(f"on slow 4G with a quarter of this processor, median of {RUNS}:")
    print(f"  launcher usable {middle['usable']:.2f} s after the page was asked for")
    print(f"  script time until then {middle['script'] * 1000:.0f} ms")
    print(f"  greeting {middle['opened']:.2f} s after the tap")
    print(f"  layout shift {middle['shift']:.3f}")


if __name__ == "__main__":
    main()
