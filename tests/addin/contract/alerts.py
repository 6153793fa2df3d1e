"""Calls of `HEALTH_ALERTS`."""

from __future__ import annotations

from datetime import date, timedelta

from addin.cells import Cell, Grid, Results
from tests.addin.contract.call import NA, NUM_FAULT, VALUE_FAULT, Call, Given

Told = tuple[str, str, str]

HEAD = ("Account", "Date", "Alert", "On", "Owner", "Action", "Due")
NONE: Results = (HEAD, ("No alerts", "", "", "", "", "", ""))
MONDAY = date(2026, 11, 2)

# Name, owner, action of each alert.
RED = ("Dropped to Red", "Executive", "Reach out as an executive and agree a retention plan.")
AMBER = ("Dropped to Amber", "CSM", "Reach out before the customer does.")
BELOW = ("Score below 60", "CSM", "Contact the customer and find what is wrong.")
FALL = ("Score fell by 10 or more in 7 days", "CSM", "Find the cause and contact the customer.")
CRASH = (
    "Score fell by more than 15 in 7 days", "CSM and support manager",
    "Find the cause together and agree who calls.",
)  # fmt: skip
RENEWAL = (
    "Score below 70, renewal within 90 days", "CS manager", "Go through the renewal with the CSM."
)  # fmt: skip
USAGE = ("Usage below 40", "CSM", "Start the adoption playbook.")
CSAT = ("CSAT below 3.0", "Support manager", "Follow up with the customer at once.")
LOGIN = ("No login for more than 14 days", "CSM", "Start the re-engagement email sequence.")
TICKETS = (
    "Tickets up by more than 50%", "Support manager", "Investigate the tickets and offer a call."
)  # fmt: skip
PAYMENT = ("Payment failed", "Billing specialist", "Contact the customer and offer a grace period.")
LEFT = ("Stakeholder left", "CSM", "Find the new stakeholder and build the relationship.")


def day(after: int) -> date:
    """So many days after the Monday on which all histories begin."""
    return MONDAY + timedelta(days=after)


def serial(after: int) -> float:
    """The same day as the number in which a cell keeps it."""
    return float((day(after) - date(1899, 12, 30)).days)


def _of(account: str, after: int, what: Told, on: str, due: int) -> tuple[str, ...]:
    name, owner, action = what
    return (account, day(after).isoformat(), name, on, owner, action, day(due).isoformat())


def _calls(name: str, expected: Results, given: Given) -> Call:
    return Call(f"alerts, {name}", "HEALTH_ALERTS", (given,), expected)


def _scores(name: str, expected: Results, *scores: tuple[int, Cell]) -> Call:
    """One account with a score some days after the Monday."""
    rows: Grid = tuple(("A", day(after), score) for after, score in scores)
    return _calls(name, expected, (("Account", "Date", "Score"), *rows))


def _fact(name: str, expected: Results, column: str, *facts: tuple[int, Cell]) -> Call:
    """One account, always green, with a fact some days after the Monday."""
    rows: Grid = tuple(("A", day(after), 85.0, fact) for after, fact in facts)
    return _calls(name, expected, (("Account", "Date", "Score", column), *rows))


def _one(what: Told, on: str, due: int, after: int = 7) -> Results:
    """A single alert of the account."""
    return (HEAD, _of("A", after, what, on, due))


def _renewing(score: float, days: int) -> Given:
    return (("Account", "Date", "Score", "Renewal date"), ("A", MONDAY, score, day(days)))


THREE = ("Account", "Date", "Score")
FELL = _one(FALL, "99 → 89 in 7 days", 9)
MANY: Grid = tuple(
    (f"Sample Account {account}", serial(7 * week), 90.0 - (week == 4 and account == 700) * 10.0)
    for week in range(5)
    for account in range(1000)
)

CALLS: tuple[Call, ...] = (
    # Nothing to compare with
    _scores("first snapshot of a red account", NONE, (0, 30.0)),
    _calls("only the header row", NONE, (THREE,)),
    _scores("level", NONE, (0, 85.0), (7, 85.0), (14, 84.0)),
    # Falls of the raw score in seven days
    _scores("fall of exactly ten", FELL, (0, 99.0), (7, 89.0)),
    _scores("fall of less than ten", NONE, (0, 99.0), (7, 89.1)),
    _scores("fall of exactly fifteen", _one(FALL, "99 → 84 in 7 days", 9), (0, 99.0), (7, 84.0)),
    _scores("fall of more than fifteen, one line", _one(CRASH, "99 → 83.9 in 7 days", 8), (0, 99.0),
            (7, 83.9)),
    _scores("rise", NONE, (0, 62.0), (7, 99.0)),
    _scores("fall in fourteen days", NONE, (0, 99.0), (14, 89.0)),
    _scores("fall in seven days and a weekend", _one(FALL, "99 → 89 in 10 days", 14, 10),
            (0, 99.0), (10, 89.0)),
    _scores("fall after eleven days", NONE, (0, 99.0), (11, 89.0)),
    _scores("fall in a young history", _one(FALL, "99 → 89 in 2 days", 4, 2), (0, 99.0), (2, 89.0)),
    _scores("seven days before, not the highest", NONE, (0, 90.0), (3, 99.0), (7, 89.0)),
    _scores("seven days before, not the last", FELL, (0, 99.0), (3, 93.0), (7, 89.0)),
    # Tiers, by the displayed score
    _scores("enters amber", _one(AMBER, "80 → 79, Green → Amber", 9), (0, 79.5), (7, 79.4)),
    _scores("just not amber", NONE, (0, 84.0), (7, 79.5)),
    _scores("enters red, one line", _one(RED, "60 → 59, Amber → Red", 8), (0, 60.0), (7, 59.4)),
    _scores("just not red", NONE, (0, 64.0), (7, 59.5)),
    _scores("recovers to amber", NONE, (0, 50.0), (7, 65.0)),
    _scores("a missing score between", _one(AMBER, "85 → 78, Green → Amber", 9), (0, 85.0),
            (3, None), (5, NA), (7, 78.0)),
    _scores(
        "fall and tier, the most severe first",
        (HEAD, _of("A", 7, RED, "82 → 58, Green → Red", 8),
         _of("A", 7, CRASH, "82 → 58 in 7 days", 8)),
        (0, 82.0), (7, 58.0),
    ),
    _scores("amber again within the week", _one(AMBER, "80 → 79, Green → Amber", 4, 2), (0, 80.0),
            (2, 79.0), (4, 80.0), (6, 79.0)),
    _scores(
        "amber again after a week",
        (HEAD, _of("A", 9, AMBER, "80 → 79, Green → Amber", 11),
         _of("A", 2, AMBER, "80 → 79, Green → Amber", 4)),
        (0, 80.0), (2, 79.0), (4, 80.0), (9, 79.0),
    ),
    _scores(
        "worse passes within the week",
        (HEAD, _of("A", 4, RED, "70 → 59, Amber → Red", 7),
         _of("A", 4, CRASH, "80 → 59 in 4 days", 7),
         _of("A", 2, AMBER, "80 → 70, Green → Amber", 4),
         _of("A", 2, FALL, "80 → 70 in 2 days", 4)),
        (0, 80.0), (2, 70.0), (4, 59.0),
    ),
    _scores("the same fall a day later", FELL, (0, 99.0), (1, 99.0), (7, 89.0), (8, 88.0)),
    _scores(
        "the rows in any order",
        (HEAD, _of("A", 14, AMBER, "84 → 79, Green → Amber", 16), _of("A", 7, FALL,
         "94 → 84 in 7 days", 9)),
        (14, 79.0), (0, 94.0), (7, 84.0),
    ),
    _scores("of one day the last row counts", FELL, (0, 50.0), (0, 99.0), (7, 95.0), (7, 89.0)),
    _scores("deadline after the weekend", _one(FALL, "99 → 89 in 4 days", 8, 4), (0, 99.0),
            (4, 89.0)),
    _calls(
        "recorded tiers",
        (HEAD, _of("A", 7, BELOW, "62 → 58", 7)),
        ((*THREE, "Tier"), ("A", MONDAY, 62.0, "Yellow"), ("A", day(7), 58.0, "Amber")),
    ),
    _calls(
        "recorded tiers without scores",
        (HEAD, _of("A", 7, RED, "Amber → Red", 8)),
        ((*THREE, "RAG"), ("A", MONDAY, None, "amber"), ("A", day(7), None, "red")),
    ),
    # What a row says by itself may fire on the first
    _calls("renewal in ninety days",
           _one(RENEWAL, "Score 69, renews in 90 days (2027-01-31)", 2, 0), _renewing(69.4, 90)),
    _calls("renewal today", _one(RENEWAL, "Score 50, renews today (2026-11-02)", 2, 0),
           _renewing(50.0, 0)),
    _calls("renewal in ninety-one days", NONE, _renewing(69.4, 91)),
    _calls("renewal that has passed", NONE, _renewing(50.0, -1)),
    _calls("renewal of a score of seventy", NONE, _renewing(69.5, 30)),
    _fact("usage", _one(USAGE, "Usage 39.9", 7, 0), "Usage", (0, 39.9)),
    _fact("usage of forty", NONE, "Usage", (0, 40.0)),
    _fact("CSAT", _one(CSAT, "CSAT 2.9", 0, 0), "CSAT (1–5)", (0, 2.9)),
    _fact("CSAT of three", NONE, "CSAT", (0, 3.0)),
    _fact("CSAT on a Saturday", _one(CSAT, "CSAT 1", 7, 5), "CSAT", (5, 1.0)),
    _fact("login gap", _one(LOGIN, "No login for 15 days", 2, 0), "Login gap", (0, 15.0)),
    _fact("login gap of fourteen days", NONE, "Days since login", (0, 14.0)),
    _fact("last login", _one(LOGIN, "No login for 15 days", 9), "Last login", (0, day(-8)),
          (7, day(-8))),
    _fact("tickets", _one(TICKETS, "Tickets 4 → 7 since 2026-11-02", 9), "Tickets", (0, 4.0),
          (7, 7.0)),
    _fact("tickets up by half", NONE, "Tickets", (0, 4.0), (7, 6.0)),
    _fact("tickets after none", _one(TICKETS, "Tickets 0 → 2 since 2026-11-09", 16, 14), "Tickets",
          (0, None), (7, 0.0), (14, 2.0)),
    _fact("one ticket after none", NONE, "Tickets", (0, 0.0), (7, 1.0)),
    _fact("ticket change", _one(TICKETS, "Tickets +51%", 2, 0), "Ticket change", (0, "51%")),
    _fact("ticket change of half", NONE, "Ticket trend, 90 days", (0, 0.5)),
    _fact("payment", _one(PAYMENT, "Payment failed: Yes", 1, 0), "Payment failed", (0, "yes")),
    _fact("stakeholder", _one(LEFT, "Stakeholder left: Yes", 2, 0), "Champion left", (0, True)),
    _fact("neither", NONE, "Payment failed", (0, "no"), (7, False), (14, None), (21, 0.0)),
    _fact(
        "no repeat within the week, one after it",
        (HEAD, _of("A", 7, USAGE, "Usage 25", 14), _of("A", 0, USAGE, "Usage 35", 7)),
        "Usage", (0, 35.0), (3, 30.0), (6, 28.0), (7, 25.0),
    ),
    _calls(
        "worse tier passes",
        (HEAD, _of("A", 2, AMBER, "84 → 78, Green → Amber", 4), _of("A", 2, USAGE, "Usage 30", 9),
         _of("A", 0, USAGE, "Usage 35", 7)),
        ((*THREE, "Usage"), ("A", MONDAY, 84.0, 35.0), ("A", day(2), 78.0, 30.0)),
    ),
    # Who and when
    _calls(
        "two accounts",
        (HEAD, _of("B", 7, FALL, "95 → 85 in 7 days", 9), _of("A", 4, CSAT, "CSAT 2", 4)),
        ((*THREE, "CSAT"), ("B", day(7), 85.0, 4.0), ("A", day(4), 85.0, 2.0),
         ("B", MONDAY, 95.0, 4.0), ("A", day(5), 86.0, 2.0)),
    ),
    _calls(
        "id and name",
        (HEAD, _of("Sample Account 1", 7, FALL, "99 → 89 in 7 days", 9)),
        (("Account ID", "Account", "Date", "Score"), (17.0, "Old name", MONDAY, 99.0),
         ("17", "Sample Account 1", day(7), 89.0)),
    ),
    _calls(
        "number as id",
        (HEAD, _of("17", 7, FALL, "99 → 89 in 7 days", 9)),
        (("Account ID", "Date", "Score"), (17.0, MONDAY, 99.0), (17.0, day(7), 89.0)),
    ),
    _calls(
        "dates as cells, numbers and text; scores as text",
        (HEAD, _of("A", 14, AMBER, "85 → 79, Green → Amber", 16),
         _of("A", 7, FALL, "95 → 85 in 7 days", 9)),
        (THREE, ("A", MONDAY, "95"), ("A", serial(7), 85.0), ("A", "2026-11-16", " 79.0 ")),
    ),
    _calls(
        "day before month, as another row shows",
        FELL, (THREE, ("A", "09/11/2026", 89.0), ("A", "02/11/2026", 99.0),
               ("A", "30/10/2026", 99.0)),
    ),
    _calls(
        "headers in another order and spelling, others ignored",
        FELL, (("Health-Score", "CSM", "SNAPSHOT DATE", "customer", None),
               (99.0, "Sample CSM 1", MONDAY, "A", "x"), (89.0, NA, day(7), "A", 1.0)),
    ),
    _calls(
        "rows that tell nothing",
        FELL, (THREE, ("A", MONDAY, 99.0), (None, None, None), ("A", day(7), 89.0),
               ("A", "soon", None), (NA, NA, NA), ("", "", "")),
    ),
    _calls(
        "empty rows at the end", FELL,
        (THREE, ("A", MONDAY, 99.0), ("A", day(7), 89.0), *((None, None, None),) * 20),
    ),
    _calls("a total row", VALUE_FAULT, (THREE, ("A", MONDAY, 99.0), ("Total", None, 99.0))),
    _calls("a title above the headers", VALUE_FAULT,
           (("Scores", None, None), THREE, ("A", MONDAY, 99.0))),
    _calls(
        "errors among the facts are missing",
        FELL, ((*THREE, "Usage", "CSAT"), ("A", MONDAY, 99.0, NA, 4.0), ("A", day(2), NA, NA, 4.0),
               ("A", day(7), 89.0, "#DIV/0!", NA)),
    ),
    _calls(
        "five thousand rows",
        (HEAD, _of("Sample Account 700", 28, FALL, "90 → 80 in 7 days", 30)), (THREE, *MANY),
    ),
    # What cannot be read
    _scores("bad score", VALUE_FAULT, (0, 99.0), (7, "good")),
    _scores("score off its scale", NUM_FAULT, (0, 99.0), (7, 189.0)),
    _scores("per cent for a score", VALUE_FAULT, (0, "85%")),
    _fact("flag that is none", VALUE_FAULT, "Payment failed", (0, "perhaps")),
    _fact("CSAT of another scale", NUM_FAULT, "CSAT", (0, 8.0)),
    _fact("half a ticket", NUM_FAULT, "Tickets", (0, 2.5)),
    _fact("tier of another kind", VALUE_FAULT, "Tier", (0, "Enterprise")),
    _calls("bad date", VALUE_FAULT, (THREE, ("A", MONDAY, 99.0), ("A", "soon", 89.0))),
    _calls("number that is no date", VALUE_FAULT, (THREE, ("A", 12.0, 99.0))),
    _calls("day or month first", VALUE_FAULT, (THREE, ("A", "02/11/2026", 99.0))),
    _calls("no date in a row", VALUE_FAULT, (THREE, ("A", None, 99.0))),
    _calls("error for a date", VALUE_FAULT, (THREE, ("A", NA, 99.0))),
    _calls("no account in a row", VALUE_FAULT, (THREE, (None, MONDAY, 99.0))),
    _calls("no date column", VALUE_FAULT, (("Account", "Score"), ("A", 99.0))),
    _calls("no score column", VALUE_FAULT, (("Account", "Date"), ("A", MONDAY))),
    _calls("no account column", VALUE_FAULT, (("Date", "Score"), (MONDAY, 99.0))),
    _calls("no header row", VALUE_FAULT, (("A", MONDAY, 99.0), ("A", day(7), 89.0))),
    _calls("one cell", VALUE_FAULT, (("Account",),)),
)  # fmt: skip
