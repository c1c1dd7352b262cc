"""What can go wrong, and what the person should do about it.

TocsinError              exit 1 unless said otherwise; always one sentence and an advice
|- UsageError            exit 2   the command line or a configuration file is wrong
|- Rejected              exit 3   an extract cannot be used; earlier data stays
|- Refused               exit 4   clearance, role, or a second writer
|- NotReady              exit 5   no data yet, no database, schema too old
`- Retry                 exit 1   a passing fault outside: worth another try later
"""

from __future__ import annotations


class TocsinError(Exception):
    """One clear sentence (`str(error)`) and what to do (`advice`)."""

    exit_code = 1

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


class UsageError(TocsinError):
    """The command line or a configuration file is wrong."""

    exit_code = 2


class Rejected(TocsinError):
    """An extract cannot be used. `reason` is the code that receipts and tests compare."""

    exit_code = 3

    def __init__(self, reason: str, message: str, advice: str, physical_rows: int = 0) -> None:
        super().__init__(message, advice)
        self.reason = reason
        self.physical_rows = physical_rows


class Refused(TocsinError):
    """Not allowed: clearance, role, or another writer is at work."""

    exit_code = 4


class NotReady(TocsinError):
    """Nothing to answer from yet."""

    exit_code = 5


class Retry(TocsinError):
    """A passing fault on the far side; `after` seconds were asked for where the far side said so."""

    def __init__(self, message: str, advice: str = "", after: float | None = None) -> None:
        super().__init__(message, advice)
        self.after = after
