"""A folder to try: six sample tables of a made-up company, with the settings that read them.

    python examples/own_data/sample_tables.py shop

Standard library only. The same tables every time; nobody in them exists.
"""

from __future__ import annotations

import argparse
import csv
import random
import shutil
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

FIRST, LAST = date(2025, 1, 1), date(2026, 6, 30)
ACCOUNTS = 24
FEATURES = ("export", "alerts", "forms", "search", "reports", "sharing", "calendar")
PLANS = (("Basic", 2_400), ("Pro", 9_600), ("Enterprise", 48_000))
SETTINGS = ("healthsheet.toml", "contracts.sql", "model.toml")
HEADERS = {
    "accounts": "account_id,account_name,country,signup_date,plan_tier,churn_flag",
    "subscriptions": "subscription_id,account_id,start_date,end_date,plan_tier,seats,arr_amount,"
                     "is_trial,billing_frequency",
    "feature_usage": "usage_id,subscription_id,usage_date,feature_name,usage_count",
    "support_tickets": "ticket_id,account_id,submitted_at,closed_at,priority,"
                       "first_response_time_minutes,satisfaction_score,escalation_flag",
    "churn_events": "churn_event_id,account_id,churn_date",
    "surveys": "survey_id,account_id,answered_at,answer,comment",
}  # fmt: skip
Row = list[object]


def main(argv: Sequence[str] | None = None) -> int:
    """Write the folder; exit status 0 done, 2 the folder holds something already."""
    parser = argparse.ArgumentParser(description="Write six sample tables and their settings.")
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args(argv).folder
    if folder.exists() and any(folder.iterdir()):
        print(f"error: {folder} is not empty. Name a new folder.", file=sys.stderr)
        return 2
    (folder / "tables").mkdir(parents=True)
    for name in SETTINGS:
        shutil.copy(Path(__file__).with_name(name), folder / name)
    tables = sample()
    for name, rows in tables.items():
        with (folder / "tables" / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(HEADERS[name].split(","))
            writer.writerows(rows)
    print(f"Wrote {sum(map(len, tables.values())):,} sample rows to {folder / 'tables'}.")
    print(f"Next: healthsheet history build {folder} --from 2025-07-31 --to {LAST}")
    return 0


def sample() -> dict[str, list[Row]]:
    """Every table's rows, in the order of `HEADERS`."""
    chance = random.Random(24)  # noqa: S311  (a sample, no secret)
    tables: dict[str, list[Row]] = {name: [] for name in HEADERS}
    for number in range(1, ACCOUNTS + 1):
        _account(tables, number, chance)
    return tables


def _account(tables: dict[str, list[Row]], number: int, chance: random.Random) -> None:
    """One account: it begins, is used more or less as time goes on, asks, answers, may leave."""
    account, subscription = f"A-{number:02}", f"S-{number:02}"
    begun = FIRST + timedelta(days=number * 7 if number % 6 == 0 else number)
    left = LAST - timedelta(days=20 * number) if number % 8 == 0 else None
    plan, price = PLANS[number % 3]
    drift = (-0.9, 0.0, 0.6)[number % 4 % 3]
    tables["accounts"].append(
        [account, f"Sample Account {number:02}", ("US", "DE", "FR")[number % 3], begun, plan,
         str(left is not None).upper()]
    )  # fmt: skip
    tables["subscriptions"].append(
        [subscription, account, begun, left or "", plan, 5 * (number % 5 + 1), price, "FALSE",
         "annual" if number % 2 else "monthly"]
    )  # fmt: skip
    if number % 5 == 0:
        extra = begun + timedelta(days=250)
        tables["subscriptions"].append(
            [f"{subscription}-2", account, extra, left or "", plan, 5, price // 2, "FALSE",
             "annual"]
        )  # fmt: skip
    if left is not None:
        tables["churn_events"].append([f"C-{number:02}", account, left])
    end = left or LAST
    for day in _days(begun, end):
        done = (day - FIRST).days / (LAST - FIRST).days
        _usage(tables, subscription, day, 0.35 * max(0.0, 1 + drift * done), chance)
        if chance.random() < 0.012 * (1 - drift * done):
            _ticket(tables, account, day, drift * done, chance)
        if (day - begun).days % 90 == 60:
            answer = max(0, min(10, round(8 + 4 * drift * done + chance.uniform(-2, 2))))
            comment = "Great help" if answer > 8 else "Slow and annoying" if answer < 7 else "Fine"
            tables["surveys"].append([f"Q-{account}-{day}", account, day, answer, comment])


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=i) for i in range((last - first).days))


def _usage(
    tables: dict[str, list[Row]], subscription: str, day: date, share: float, chance: random.Random
) -> None:
    if chance.random() >= share:
        return
    rows = tables["feature_usage"]
    feature = chance.choice(FEATURES[: 3 + int(subscription[-1]) % 5])
    rows.append([f"U-{len(rows) + 1}", subscription, day, feature, chance.randint(1, 20)])


def _ticket(
    tables: dict[str, list[Row]], account: str, day: date, mood: float, chance: random.Random
) -> None:
    rows = tables["support_tickets"]
    closed = day + timedelta(days=chance.randint(0, 9))
    rated = max(1, min(5, round(4 + 2 * mood + chance.uniform(-1, 1))))
    rows.append(
        [f"T-{len(rows) + 1}", account, day, closed, chance.choice(("urgent", "high", "low")),
         chance.randint(10, 260), rated if chance.random() < 0.7 else "",
         str(chance.random() < 0.1 - 0.2 * mood).upper()]
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
