"""`healthsheet email`, run for real: from workbook and source, dry, to files, to a mail server."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest

from pipeline.cli import DONE, FINDINGS, IMPOSSIBLE, main
from tests.pipeline.mail.mail_server import PASSWORD, USER, mail_server
from tests.pipeline.portfolio_folder import fresh_folder

_DAY = ("--as-of", "2026-11-22")
_SETTINGS = """\
model = "four-dimension"
history = "history.db"
[mail]
from = "HealthSheet <sender@example.com>"
{way}
[[mail.recipient]]
to = "bo@example.com"
csm = "Bo"
[[mail.recipient]]
to = "late@example.com"
all = true
when = "demand"
"""


def _folder(folder: Path, way: str = 'via = "eml"') -> Path:
    """A portfolio workbook, its source and settings."""
    fresh_folder(folder)
    (folder / "healthsheet.toml").write_text(_SETTINGS.format(way=way), encoding="utf-8")
    return folder


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _email(folder: Path, *options: str, source: str = "portfolio.xlsx") -> int:
    return main(["email", str(folder / source), *options, *_DAY])


def _mails(folder: Path) -> list[EmailMessage]:
    return [
        message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)
        for path in sorted(folder.glob("*.eml"))
    ]


def test_a_dry_run_writes_files_and_a_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It tells who gets what and who nothing, and leaves no outbox behind."""
    folder = _folder(tmp_path)
    assert _email(folder, "--dry-run", "-o", str(folder / "out")) == DONE
    told = capsys.readouterr().out
    assert "bo@example.com (Bo)  2 accounts  weekly" in told
    assert "late@example.com  2 accounts  nothing: only on demand: --to late@example.com" in told
    assert "Nothing was sent." in told
    (mail,) = _mails(folder / "out")
    assert mail["To"] == "bo@example.com"
    page = (folder / "out" / "preview.html").read_text(encoding="utf-8")
    assert "bo@example.com" in page
    assert "cid:" not in page
    assert "<iframe sandbox " in page
    assert not (folder / "history.db").exists()


def test_sent_once_and_named_people_get_theirs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The weekly message leaves once; who is named gets one on top; JSON tells each state."""
    folder = _folder(tmp_path)
    capsys.readouterr()
    assert _email(folder, "--json") == DONE
    first = json.loads(capsys.readouterr().out)
    assert [(m["to"], m["state"], m["before"]) for m in first["messages"]] == [
        ("bo@example.com", "sent", False), ("late@example.com", None, None)
    ]  # fmt: skip
    assert _email(folder, "--json", source="accounts.csv") == DONE
    again = json.loads(capsys.readouterr().out)
    assert (again["messages"][0]["state"], again["messages"][0]["before"]) == ("sent", True)
    assert _email(folder, "--to", "late@example.com") == DONE
    assert "1 of 1 messages sent now" in capsys.readouterr().out
    assert sorted(mail["To"] for mail in _mails(folder / "mail")) == [
        "bo@example.com", "late@example.com"
    ]  # fmt: skip


def test_by_a_mail_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With TLS and login from the environment the server has the message, once."""
    with mail_server(_made(tmp_path / "tls")) as server:
        way = f'[mail.smtp]\nhost = "localhost"\nport = {server.port}\nca_file = "{server.ca_file}"'
        folder = _folder(tmp_path, way)
        assert _email(folder) == IMPOSSIBLE
        assert "HEALTHSHEET_SMTP_USER is not set" in capsys.readouterr().err
        monkeypatch.setenv("HEALTHSHEET_SMTP_USER", USER)
        monkeypatch.setenv("HEALTHSHEET_SMTP_PASSWORD", PASSWORD)
        assert [_email(folder), _email(folder)] == [DONE, DONE]
        assert server.count == {"bo@example.com": 1}


def test_recipients_on_a_sheet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A sheet Recipients of the portfolio workbook counts where the settings name nobody."""
    folder = _folder(tmp_path)
    settings = folder / "healthsheet.toml"
    text = settings.read_text(encoding="utf-8").partition("[[mail.recipient]]")[0]
    settings.write_text(text, encoding="utf-8")
    assert _email(folder, "--dry-run") == IMPOSSIBLE
    assert "Nobody is a recipient" in capsys.readouterr().err
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "Accounts"
    for line in (folder / "accounts.csv").read_text(encoding="utf-8").splitlines():
        book.active.append([float(x) if x.isdigit() else x for x in line.split(",")])
    sheet = book.create_sheet("Recipients")
    sheet.append(["To", "CSM", "When"])
    sheet.append(["sheet@example.com", "Bo", "demand"])
    book.save(folder / "accounts.xlsx")
    options = ("--dry-run", "--to", "sheet@example.com", "-o", str(folder / "out"))
    assert _email(folder, *options, source="accounts.xlsx") in (DONE, FINDINGS)
    assert [mail["To"] for mail in _mails(folder / "out")] == ["sheet@example.com"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--to", "x@example.com"), "is no recipient"),
        (("--csm", "Bo"), "Add --to"),
        (("--to", "bo@example.com", "--csm", "Bo"), "is a recipient already"),
        (("--to", "x@example.com", "--csm", "Bu"), "no account has csm 'Bu'"),
        (("-o", "out"), "Add --dry-run"),
        (("--history", "none"), "Sending keeps an outbox"),
        (("--to", "x y", "--all-accounts"), "no address"),
    ],
)
def test_what_cannot_be_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], told: str
) -> None:
    """Each is refused before anything is sent, with the next step."""
    folder = _folder(tmp_path)
    assert _email(folder, *options) == IMPOSSIBLE
    assert told in capsys.readouterr().err
    assert not (folder / "mail").exists()


def test_the_mailed_workbook_is_no_way_to_the_source(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who has it and not the source cannot refresh it, nor mail from it."""
    folder = _folder(tmp_path)
    assert _email(folder, "--dry-run", "-o", str(folder / "out")) == DONE
    (mail,) = _mails(folder / "out")
    (book,) = mail.iter_attachments()
    elsewhere = tmp_path / "inbox"
    elsewhere.mkdir()
    (elsewhere / "mine.xlsx").write_bytes(book.get_content())
    assert main(["email", str(elsewhere / "mine.xlsx"), "--dry-run", *_DAY]) == IMPOSSIBLE
    assert "remembers no source" in capsys.readouterr().err
    assert main(["refresh", str(elsewhere / "mine.xlsx"), *_DAY]) == IMPOSSIBLE
    assert "Nothing says where the accounts" in capsys.readouterr().err
