"""The monthly digest: its facts, a file a part, and how they get into the outbox."""

from jobs.digest.gather import digest_facts, month_to_tell

__all__ = ["digest_facts", "month_to_tell"]
