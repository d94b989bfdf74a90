"""How a company's desk stands and what was asked of it: figures alone."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from bot.privacy.due_dates import jst_date, jst_midnight
from bot.services.ports import Clock, Store, Transaction
from bot.services.ports.statistics import Running
from bot.services.statistics import BY_BOT, BY_STAFF, COVERED

DUE_SOON = timedelta(days=7)
USUAL_WEEKS = 13
MOST_DAYS = 371
"""53 weeks: more are no chart that anybody reads."""
_EARLIEST = date(2000, 1, 1)
CASES_TIMED = 500
"""The median is of so many cases at most, the newest: each costs a look at its conversation."""


@dataclass(frozen=True)
class Period:
    """Whole days in Japan, both ends counted."""

    first: date
    last: date

    @property
    def weeks(self) -> list[date]:
        """The Mondays of the weeks that it touches."""
        number = (monday(self.last) - monday(self.first)).days // 7
        return [monday(self.first) + timedelta(weeks=week) for week in range(number + 1)]

    @property
    def since(self) -> datetime:
        """Its first moment."""
        return jst_midnight(self.first)

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        return jst_midnight(self.last + timedelta(days=1))


@dataclass(frozen=True)
class Week:
    """What happened in a week, named by its Monday; in the first and the last one, within the period alone."""

    monday: date
    conversations: int
    handed_over: int
    asked: int
    unanswered: int


@dataclass(frozen=True)
class Sight:
    """All that the overview shows."""

    period: Period
    running: Running
    waiting: int
    messages: Mapping[str, int]  # By who answered: bot, staff.
    weeks: Sequence[Week]
    topics: Mapping[str, Mapping[date, int]]  # By id, then by week; those asked most come first.
    answers: Mapping[str, int]  # Questions: covered, or the reason why they stayed open.
    outcomes: Mapping[tuple[str, str], int]  # Requests by type and status.
    answer_seconds: Sequence[float]

    @property
    def conversations(self) -> int:
        """Conversations begun in the period."""
        return sum(week.conversations for week in self.weeks)

    @property
    def handed_over(self) -> int:
        """Cases opened for staff in the period."""
        return sum(week.handed_over for week in self.weeks)

    @property
    def without_staff(self) -> float | None:
        """The share of conversations for which no case was opened; None without any."""
        if not self.conversations:
            return None
        return max(0, self.conversations - self.handed_over) / self.conversations

    @property
    def messages_by_bot(self) -> float | None:
        """The share of customers' messages that the bot answered; None without any."""
        total = self.messages.get(BY_BOT, 0) + self.messages.get(BY_STAFF, 0)
        return self.messages.get(BY_BOT, 0) / total if total else None

    @property
    def median_answer(self) -> float | None:
        """Seconds that customers waited for staff's first answer, in the median; None if nobody was answered."""
        return statistics.median(self.answer_seconds) if self.answer_seconds else None


class Overview:
    """The figures of one company."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def period(self, first: date | None, last: date | None) -> Period:
        """Make a period of two days that somebody asks for; without them the last thirteen weeks."""
        today = jst_date(self._clock.now())
        last = max(_EARLIEST, min(last or today, today))
        first = max(_EARLIEST, first or monday(last) - timedelta(weeks=USUAL_WEEKS - 1))
        first, last = min(first, last), max(first, last)
        return Period(max(first, last - timedelta(days=MOST_DAYS - 1)), last)

    def look(self, company: str, period: Period, stores: Sequence[str] | None = None) -> Sight:
        """Count; of `stores` an empty one stands for what belongs to none, and None for all."""
        today = jst_date(self._clock.now())
        with self._store.transaction(read_only=True) as tx:
            counts = _Counts(tx, company, period, stores)
            topics, answers = counts.by_week("topic"), counts.by_week("answer")
            return Sight(
                period=period,
                running=tx.figures.running(company, today, today + DUE_SOON, stores),
                waiting=tx.figures.waiting(company, stores),
                messages={name: sum(weeks.values()) for name, weeks in counts.by_week("message").items()},
                weeks=_weeks(period, counts, answers),
                topics=dict(sorted(topics.items(), key=lambda item: (-sum(item[1].values()), item[0]))),
                answers={name: sum(weeks.values()) for name, weeks in sorted(answers.items())},
                outcomes=tx.figures.outcomes(company, period.since, period.until, stores),
                answer_seconds=tx.figures.first_answers(company, period.since, period.until, CASES_TIMED, stores),
            )


class _Counts:
    """The daily counts of a period, by week."""

    def __init__(self, tx: Transaction, company: str, period: Period, stores: Sequence[str] | None) -> None:
        self._tx = tx
        self._wanted = (period.first, period.last, stores)
        self._company = company

    def by_week(self, kind: str) -> dict[str, Counter[date]]:
        """How often each name of a kind was counted, by the week's Monday."""
        found: defaultdict[str, Counter[date]] = defaultdict(Counter)
        for (day, name), number in self._tx.statistics.by_day(self._company, kind, *self._wanted).items():
            found[name][monday(day)] += number
        return dict(found)

    def weekly(self, kind: str) -> Counter[date]:
        """How often a kind was counted, by the week's Monday."""
        return _summed(self.by_week(kind))


def _weeks(period: Period, counts: _Counts, answers: Mapping[str, Counter[date]]) -> list[Week]:
    begun, opened, asked = counts.weekly("conversation"), counts.weekly("handoff"), _summed(answers)
    answered = answers.get(COVERED.name, Counter())
    return [Week(day, begun[day], opened[day], asked[day], asked[day] - answered[day]) for day in period.weeks]


def _summed(named: Mapping[str, Counter[date]]) -> Counter[date]:
    return sum(named.values(), Counter())


@lru_cache(maxsize=2048)
def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())
