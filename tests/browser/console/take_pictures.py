"""Take the handbook's pictures of the console: `python -m tests.browser.console.take_pictures`.

It starts a desk of its own with made-up customers and staff, and writes docs/images/console-*.png. For Japanese date
fields Debian's Chromium needs the package chromium-l10n.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from bot.bootstrap import Services, build_services
from bot.privacy.due_dates import jst_date
from bot.privacy.handoff import HandoffReason
from bot.privacy.statuses import IdentityStatus
from bot.services.ports.statistics import Counted
from bot.services.records import Conversation, DataSubjectRequest, Message
from bot.services.statistics import BEGUN, COVERED, NOT_COVERED
from bot.settings import ROOT, load_settings
from tests.browser.conftest import ARGUMENTS, DeskProcess
from tests.browser.console.conftest import CLERK, CLERK_2, MANAGER, login
from tests.hanako import HANAKO, ask_as_hanako
from tests.left_out import CHROMIUM
from tests.ports import free_port
from tests.records import outbound
from tests.staff import id_of

PICTURES = ROOT / "docs" / "images"
SCREEN: dict[str, Any] = {"viewport": {"width": 1080, "height": 760}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 780}, "is_mobile": True, "has_touch": True}
WORDS = "ご希望の情報をまとめました。受け取り用のリンクを、登録のメールアドレスにお送りします。"

TALK = (
    ("customer", "下取りのときに書いた住所は、どこかに渡されていますか"),
    ("bot", "第三者への提供について、方針には次のように書かれています。\n個人情報保護方針 9."),
    ("customer", "詳しいことを人に聞きたいです"),
)


def main() -> int:
    """Play each of the handbook's tasks, and take a picture where a reader needs one."""
    with tempfile.TemporaryDirectory(prefix="madoguchi-pictures-") as folder, sync_playwright() as playwright:
        desk = DeskProcess(free_port(), Path(folder), module="tests.browser.console.desk_server")
        desk.start()
        services = build_services(load_settings(desk.environ()))
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM.path(), args=[*ARGUMENTS, "--lang=ja"], env={**os.environ, "LANGUAGE": "ja"}
        )
        try:
            open_the_desk(services)
            Handbook(browser, desk, services).take_all()
        finally:
            browser.close()
            services.store.close()
            desk.kill()
    return 0


def open_the_desk(services: Services) -> None:
    """Let there be customers, texts to pick from and three months of questions."""
    now, draw = services.clock.now(), random.Random(7)
    with services.store.transaction() as tx:
        tx.customers.save_many([HANAKO])
        for back in range(90):
            begun = draw.randint(2, 9)
            things = [BEGUN] * begun + [COVERED] * (begun + 3) + [NOT_COVERED] * draw.randint(0, 2)
            things += [Counted("message", "bot")] * begun * 3 + [Counted("message", "staff")] * draw.randint(0, 4)
            things += [Counted("handoff", "asked")] * draw.randint(0, 2)
            names = ("purposes", "third_party", "rights_procedure", "cookies", "fees", "safety", "joint_use")
            things += [Counted("topic", name) for name in draw.choices(names, weights=range(7, 0, -1), k=begun)]
            tx.statistics.count("okura", None, jst_date(now) - timedelta(days=back), things)
        tx.outbox.add(outbound("letter", recipient="hanako@example.jp", created_at=now - timedelta(hours=3)))
        tx.outbox.mark_failed("letter", "550 5.1.1 user unknown", None)
    manager = id_of(services, MANAGER)
    for title, text in (
        ("受付時間のご案内", "お問い合わせありがとうございます。受付時間は、平日の8時30分から17時30分までです。"),
        ("お調べするとき", "お調べしますので、少しお時間をください。本日中に、この画面でお返事します。"),
    ):
        services.canned_answers.add("okura", title, text, manager)
    services.company_settings.close_day("okura", jst_date(now) + timedelta(days=38), "年末年始の休み", manager)


class Handbook:
    """The tasks, one after the other, each by the person who would do it."""

    def __init__(self, browser: Browser, desk: DeskProcess, services: Services) -> None:
        self._browser = browser
        self._desk = desk
        self._services = services

    def take_all(self) -> None:
        """Take every picture."""
        self.sign_in()
        clerk, other, manager = (self._signed_in(email) for email in (CLERK, CLERK_2, MANAGER))
        self.talk(clerk)
        self.disclose(clerk, other)
        self.deny_and_extend(clerk)
        self.look_after(manager)

    def sign_in(self) -> None:
        """The form, and the second factor's."""
        page = self._page()
        page.goto(f"{self._desk.url}/staff/login")
        page.get_by_label("メールアドレス").fill(CLERK)
        take(page, "sign-in", page.locator("main"))
        login(page, self._desk.url, CLERK)
        page.goto(f"{self._desk.url}/staff/totp/new")
        take(page, "second-factor", page.locator("main"))
        page.context.close()

    def talk(self, page: Page) -> None:
        """A customer waits, is answered and goes back to the bot."""
        for reason, minutes in ((HandoffReason.ASKED, 12), (HandoffReason.COMPLAINT, 4)):
            conversation = self._comes(reason, minutes)
        self._request("stop_marketing")
        self._open(page, "queue")
        take(page, "queue")
        self._open(page, f"conversations/{conversation}")
        page.get_by_role("button", name="担当する").click()
        page.get_by_label("お客さまへの返事").fill("担当の佐藤です。お調べして、お答えします。")
        page.set_viewport_size({"width": 1080, "height": 980})
        take(page, "conversation")
        page.set_viewport_size(SCREEN["viewport"])
        page.locator("summary", has_text="定型文を入れる").click()
        take(page, "canned", page.locator("details.help").first)
        page.get_by_label("お客さまへの最後のひとこと").fill("また何かありましたら、お声がけください。")
        take(page, "finish", page.locator("#finish"))
        phone = self._signed_in(CLERK_2, PHONE)
        self._open(phone, "queue")
        take(phone, "phone")
        phone.context.close()

    def disclose(self, first: Page, second: Page) -> None:
        """A disclosure, from its beginning to the second person's approval."""
        request = self._request("disclosure", IdentityStatus.MANUAL)
        file = f"requests/{request.receipt}"
        self._open(first, "requests")
        take(first, "requests")
        self._open(first, file)
        take(first, "request")
        first.get_by_role("button", name="対応を始める").click()
        self._open(first, f"{file}/identity")
        first.get_by_label("運転免許証").check()
        first.get_by_label("店頭で見た").check()
        take(first, "identity", first.locator("main"))
        first.get_by_role("button", name="この方だと確認した").click()
        take(first, "tasks", first.locator("section[aria-labelledby=tasks]"))
        while (waiting := first.get_by_role("button", name="済ませた")).count():
            waiting.first.click()
            first.wait_for_load_state()
        self._open(first, f"{file}/decide/fulfilled")
        first.get_by_label("お客さまへの言葉").fill(WORDS)
        take(first, "decide", first.locator("main"))
        first.get_by_role("button", name="お客さまに届く内容を見る").click()
        first.get_by_role("button", name="この内容で提案する").click()
        self._open(second, file)
        take(second, "approve", second.locator("#proposal"))

    def deny_and_extend(self, page: Page) -> None:
        """The forms of a longer time and of a denial."""
        file = f"requests/{self._request('correction').receipt}"
        self._open(page, f"{file}/extend")
        page.get_by_label("新しい期限").fill((jst_date(self._services.clock.now()) + timedelta(days=28)).isoformat())
        page.get_by_label("延ばす理由").fill("整備記録を店舗に確かめるのに、時間がかかっているため")
        take(page, "extend", page.locator("main"))
        self._open(page, f"{file}/decide/denied")
        take(page, "deny", page.locator("main"))

    def look_after(self, page: Page) -> None:
        """Figures, texts, hours, and what went wrong."""
        page.set_viewport_size({"width": 1080, "height": 1080})
        self._open(page, "overview")
        page.wait_for_function("[...document.images].every(image => image.complete)")
        take(page, "overview")
        self._open(page, "admin/answers")
        take(page, "answers")
        self._open(page, "admin/hours")
        take(page, "hours", page.locator("main form.card").first)
        take(page, "closed-days", page.locator("main section.card"), tall=430)

    def _page(self, screen: dict[str, Any] = SCREEN) -> Page:
        context = self._browser.new_context(**screen, locale="ja-JP", timezone_id="Asia/Tokyo")
        context.set_default_timeout(20_000)
        return context.new_page()

    def _signed_in(self, email: str, screen: dict[str, Any] = SCREEN) -> Page:
        page = self._page(screen)
        login(page, self._desk.url, email)
        return page

    def _open(self, page: Page, path: str) -> None:
        page.goto(f"{self._desk.url}/staff/okura/{path}")

    def _comes(self, reason: HandoffReason, minutes: int) -> str:
        """Let a customer talk to the bot and then ask for a person; give the conversation."""
        name, begun = uuid.uuid4().hex, self._services.clock.now() - timedelta(minutes=minutes)
        with self._services.store.transaction() as tx:
            tx.conversations.add(Conversation(name, "web", "okura", begun, begun))
            for number, (author, text) in enumerate(TALK):
                said = begun + timedelta(seconds=20 * number)
                tx.conversations.add_message(
                    Message(
                        uuid.uuid4().hex,
                        name,
                        0,
                        author,
                        text,
                        said,
                        answered_at=said if author == "customer" else None,
                    )
                )
        self._services.handoffs.hand_off(name, self._services.companies.get("okura"), reason, uuid.uuid4().hex)
        return name

    def _request(self, kind: str, identity: IdentityStatus = IdentityStatus.VERIFIED) -> DataSubjectRequest:
        details = {"scope": "all", "form": "electronic"} if kind == "disclosure" else {}
        return ask_as_hanako(self._services, kind, identity, details=details)


def take(page: Page, name: str, part: Locator | None = None, tall: int = 0) -> None:
    """Write what the screen shows, or a part of the page, or so many pixels of its top."""
    page.mouse.move(0, 0)
    file = PICTURES / f"console-{name}.png"
    page.evaluate("window.scrollTo(0, 0)")
    if part is not None and tall:
        box = part.bounding_box()
        assert box is not None
        page.screenshot(path=file, full_page=True, clip={**box, "height": tall})
    else:
        (part or page).screenshot(path=file, animations="disabled")
    print(name, flush=True)


if __name__ == "__main__":
    sys.exit(main())
