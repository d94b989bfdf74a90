from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.delivery.files import EmailFiles, SmsFiles
from bot.delivery.sender import DeliveryError
from tests.records import outbound

SENDER = "madoguchi@localhost"
SMS = outbound(kind="sms", recipient="+819012345678", text="確認番号\n12345678\n大蔵自動車")


async def test_a_mail_is_one_eml_file(tmp_path: Path, company_name: Callable[[str], str]) -> None:
    await EmailFiles(tmp_path / "outbox", SENDER, company_name).send(outbound(text="確認番号\n\n12345678"))
    (file,) = (tmp_path / "outbox").iterdir()
    assert file.suffix == ".eml"
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert mail["From"].addresses[0].display_name == "有限会社大蔵自動車"
    assert mail["To"] == "hanako@example.jp"
    assert mail.get_content() == "確認番号\n\n12345678\n"
    assert "\n確認番号\n\n12345678\n" in file.read_text()


async def test_an_sms_is_one_txt_file(tmp_path: Path) -> None:
    await SmsFiles(tmp_path / "outbox").send(SMS)
    (file,) = (tmp_path / "outbox").iterdir()
    assert file.suffix == ".txt"
    assert file.read_text() == "To: +819012345678\n\n確認番号\n12345678\n大蔵自動車\n"


async def test_a_repeat_is_the_same_file(tmp_path: Path) -> None:
    await SmsFiles(tmp_path).send(SMS)
    await SmsFiles(tmp_path).send(replace(SMS, tries=2))
    await SmsFiles(tmp_path).send(replace(SMS, key="another"))
    assert len(list(tmp_path.iterdir())) == 2


async def test_files_are_in_the_order_of_their_messages(tmp_path: Path) -> None:
    await SmsFiles(tmp_path).send(replace(SMS, key="later", created_at=SMS.created_at.replace(second=1), text="later"))
    await SmsFiles(tmp_path).send(SMS)
    assert "later" in max(tmp_path.iterdir()).read_text()


async def test_nothing_of_the_key_gets_into_the_path(tmp_path: Path) -> None:
    await SmsFiles(tmp_path / "outbox").send(replace(SMS, key="../../etc/cron.d/x", id="../y"))
    assert [one.parent for one in tmp_path.rglob("*.txt")] == [tmp_path / "outbox"]


@pytest.mark.parametrize("recipient", ["", "090-1234-5678", "+81 90", "+819012345678\nBcc: x", "+8190１２３４５６７８"])
async def test_what_is_no_number_is_refused_for_good(tmp_path: Path, recipient: str) -> None:
    with pytest.raises(DeliveryError, match="no phone number") as refusal:
        await SmsFiles(tmp_path).send(replace(SMS, recipient=recipient))
    assert refusal.value.permanent
    assert list(tmp_path.iterdir()) == []


async def test_a_folder_that_cannot_be_written_may_be_mended(tmp_path: Path) -> None:
    (tmp_path / "outbox").touch()
    with pytest.raises(DeliveryError, match="outbox folder") as failure:
        await SmsFiles(tmp_path / "outbox").send(SMS)
    assert not failure.value.permanent


async def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DeliveryError, match="No space left"):
        await SmsFiles(tmp_path).send(SMS)
    assert list(tmp_path.iterdir()) == []
