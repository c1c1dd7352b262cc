"""The schema, as SQLAlchemy Core tables. Months are numbers like 202206; places without one are ''.

extracts --< coverage      which months a source has published, and in which edition
         --< counts        what the cube is built from
         --< incidents     what streets and maps are drawn from (no ids, no text beyond the street)
         --< published     rates, bands and ranks a source printed beside its counts
         --< quarantine    rows kept verbatim with a reason
         --- raw_files     the bytes of rejected and held files
revisions                  what a later edition changed
findings -> alerts --< alert_events, feedback;  outbox (drained by the bot)
silences, subscriptions, quiet_hours   what people want to hear, and until when not
interactions               what was asked for by a click or a command, so that it is done once
job_run, heartbeats        the clock's ledger
audit                      who asked what
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
# SQLite counts up only a plain INTEGER primary key; PostgreSQL wants room.
_ID = BigInteger().with_variant(Integer, "sqlite")


def _extract_key(primary: bool = False) -> Column[int]:
    return Column(
        "extract_id", _ID, ForeignKey("extracts.id", ondelete="CASCADE"), primary_key=primary, nullable=False
    )


extracts = Table(
    "extracts",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("source", String(40), nullable=False),
    Column("dataset", String(80), nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("state", String(10), nullable=False),  # current | replaced | rejected | held
    Column("edition", Integer, nullable=False),
    Column("first_month", Integer),
    Column("last_month", Integer),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("physical_rows", Integer, nullable=False),
    Column("rows_loaded", Integer, nullable=False),
    Column("rows_quarantined", Integer, nullable=False),
    Column("unlocated_rows", Integer, nullable=False),
    Column("vintage", SmallInteger, nullable=False),
    Column("reason", String(40)),
    Column("advice", Text),
    UniqueConstraint("source", "sha256"),  # one content is one extract: loading it again is a no-op
)

coverage = Table(
    "coverage",
    metadata,
    Column("source", String(40), primary_key=True),
    Column("dataset", String(80), primary_key=True),
    Column("month", Integer, primary_key=True),  # the last month of the period
    Column("span", SmallInteger, primary_key=True),
    Column("extract_id", _ID, ForeignKey("extracts.id", ondelete="CASCADE"), nullable=False, index=True),
)

counts = Table(
    "counts",
    metadata,
    Column("area", String(40), primary_key=True),
    Column("series", String(40), primary_key=True),
    Column("month", Integer, primary_key=True),
    Column("span", SmallInteger, primary_key=True),
    _extract_key(primary=True),
    Column("source", String(40), nullable=False),
    Column("count", Integer),  # NULL = suppressed by the publisher
    Column("vintage", SmallInteger, nullable=False),
    Index(None, "extract_id"),
    # What a source gave in a month, whole, without looking into the table for each row.
    Index("ix_counts_given", "source", "month", "series", "area", "span", "extract_id", "count"),
    sqlite_with_rowid=False,
)

published = Table(
    "published",
    metadata,
    _extract_key(primary=True),
    Column("area", String(40), primary_key=True),
    Column("series", String(40), primary_key=True),
    Column("month", Integer, primary_key=True),
    Column("span", SmallInteger, primary_key=True),
    Column("rate", Float),
    Column("band", String(60)),
    Column("rank", Integer),
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", _ID, primary_key=True),
    _extract_key(),
    Column("month", Integer, nullable=False),
    Column("area", String(40), nullable=False),
    Column("series", String(40), nullable=False),
    Column("crime_key", BigInteger),  # 60 bits of the publisher's id; the id itself is not kept
    Column("lon", Float),
    Column("lat", Float),
    Column("street", Text, nullable=False),
    Index(None, "extract_id"),
    Index(None, "area", "series", "month"),
    Index(None, "crime_key"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", _ID, primary_key=True),
    _extract_key(),
    Column("line", Integer, nullable=False),
    Column("reason", String(40), nullable=False),
    Column("detail", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index(None, "extract_id"),
)

raw_files = Table(
    "raw_files", metadata, _extract_key(primary=True), Column("content", LargeBinary, nullable=False)
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", _ID, primary_key=True),
    _extract_key(),  # the later edition
    Column("source", String(40), nullable=False),
    Column("series", String(40), nullable=False),
    Column("area", String(40), nullable=False),
    Column("month", Integer, nullable=False),
    Column("span", SmallInteger, nullable=False),
    Column("before", Integer),
    Column("after", Integer),
    Column("at", DateTime(timezone=True), nullable=False),
    Index(None, "extract_id"),
)

findings = Table(
    "findings",
    metadata,
    Column("source", String(40), primary_key=True),
    Column("month", Integer, primary_key=True),
    Column("fingerprint", String(140), primary_key=True),
    Column("severity", SmallInteger, nullable=False),
    Column("score", Float, nullable=False),
    Column("parent", String(140)),  # folded into the finding with this fingerprint
    Column("facts", Text, nullable=False),
    Index(None, "fingerprint"),
)

judged = Table(
    "judged",
    metadata,
    Column("source", String(40), primary_key=True),
    Column("month", Integer, primary_key=True),
    Column("data", String(64), nullable=False),  # fingerprint of the extracts, rules and calendar behind it
    Column("at", DateTime(timezone=True), nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("source", String(40), nullable=False),
    Column("fingerprint", String(140), nullable=False),
    Column("series", String(40), nullable=False),
    Column("area", String(40), nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("status", String(12), nullable=False),
    Column("opened", Integer, nullable=False),  # month
    Column("last", Integer, nullable=False),  # last month in which the rule fired
    Column("ended", Integer),  # month
    Column("revision", Integer, nullable=False),
    Column("parent", String(140)),  # fingerprint of the alert it is folded into
    Column("owner", String(120), nullable=False),
    Column("facts", Text, nullable=False),
    Index(
        "uq_alerts_open",
        "source",
        "fingerprint",
        unique=True,  # one open alert a source and fingerprint
        sqlite_where=text("ended IS NULL"),
        postgresql_where=text("ended IS NULL"),
    ),
    Index(None, "last"),
)

alert_events = Table(
    "alert_events",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("alert_id", String(20), ForeignKey("alerts.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("month", Integer, nullable=False),
    Column("actor", String(120), nullable=False),
    Column("ref", String(120), nullable=False),  # the interaction behind it; '' = judged, not done
    Column("detail", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("alert_id", "kind", "month", "actor", "ref"),  # a repeated run writes no second event
)

feedback = Table(
    "feedback",
    metadata,
    Column("alert_id", String(20), ForeignKey("alerts.id", ondelete="CASCADE"), primary_key=True),
    Column("who", String(120), primary_key=True),  # one of each person; the last word counts
    Column("rule", String(40), nullable=False, index=True),
    Column("verdict", String(10), nullable=False),  # useful | known | noise
    Column("at", DateTime(timezone=True), nullable=False),
)

silences = Table(
    "silences",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("rule", String(40), nullable=False),  # '*' = any
    Column("series", String(40), nullable=False),
    Column("area", String(40), nullable=False),
    Column("alert_id", String(20), nullable=False),  # '' = made for a rule, series or area
    Column("clearance", String(12), nullable=False),  # it reaches as far as its maker may see
    Column("who", String(120), nullable=False),
    Column("why", Text, nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),  # the last local day; a silence always ends
    Column("lifted_by", String(120)),
    Column("at", DateTime(timezone=True), nullable=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("subscriber", String(120), primary_key=True),  # a channel's id, or `person:ID`
    Column("area", String(40), primary_key=True),  # '*' = any
    Column("series", String(40), primary_key=True),
    Column("min_severity", SmallInteger, nullable=False),
    Column("who", String(120), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

quiet_hours = Table(
    "quiet_hours",
    metadata,
    Column("subscriber", String(120), primary_key=True),
    Column("hours", String(20), nullable=False),  # '' = none, whatever the settings say
    Column("who", String(120), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

interactions = Table(
    "interactions",
    metadata,
    Column("id", String(120), primary_key=True),  # the platform's; Slack sends some twice
    Column("who", String(120), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("key", String(80), nullable=False),
    Column("channel", String(120), nullable=False),  # of the settings, or `person:ID`
    Column("thread", String(80)),  # key of the message in whose thread it stands; null = in the channel
    Column("kind", String(12), nullable=False),  # alert | rollup | late | digest | notice
    Column("revision", Integer, nullable=False),
    Column("payload", Text, nullable=False),
    Column("state", String(10), nullable=False),  # pending | sending | sent | dead | unknown
    Column("fence", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("intent_at", DateTime(timezone=True)),
    Column("reference", Text),  # how the far side calls the message: Slack's ts
    Column("sent_revision", Integer),
    Column("error", Text),
    UniqueConstraint("key", "channel"),  # one visible message per key and channel, for ever
    Index(None, "state", "due_at"),
    Index(None, "channel", "state", "id"),  # the oldest open one of a channel
)

job_run = Table(
    "job_run",
    metadata,
    Column("job", String(40), primary_key=True),
    Column("period", String(40), primary_key=True),
    Column("state", String(10), nullable=False),  # running | done | failed | waiting
    Column("fence", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_until", DateTime(timezone=True)),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
    Column("detail", Text, nullable=False),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
    Column("who", String(120), nullable=False),
    Column("platform", String(12), nullable=False),
    Column("channel", String(120), nullable=False),
    Column("role", String(10), nullable=False),
    Column("clearance", String(12), nullable=False),  # what was allowed here
    Column("kind", String(20), nullable=False),  # question | the deed's name
    Column("query", Text, nullable=False),  # capped, without postcodes
    Column("alert_id", String(20), nullable=False),
    Column("sources", Text, nullable=False),
    Column("classification", String(12), nullable=False),  # what the answer is
    Column("outcome", String(20), nullable=False),
    Column("suppressed", Integer, nullable=False),  # cells
)
