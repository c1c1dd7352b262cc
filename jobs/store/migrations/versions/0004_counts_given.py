"""What a source gave in a month from the index alone: a first question reads years of it"""

from alembic import op

revision = "0004"
down_revision = "0003"

_GIVEN = ["source", "month", "series", "area", "span", "extract_id", "count"]


def upgrade() -> None:
    with op.batch_alter_table("counts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_counts_given"), _GIVEN, unique=False)
        batch_op.drop_index(batch_op.f("ix_counts_source_month"))


def downgrade() -> None:
    with op.batch_alter_table("counts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_counts_source_month"), ["source", "month"], unique=False)
        batch_op.drop_index(batch_op.f("ix_counts_given"))
