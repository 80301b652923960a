"""What the tables are made of: instants, ids of programs and people, and rules with names."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    TypeDecorator,
)
from sqlalchemy.sql import ColumnElement
from sqlalchemy.types import TypeEngine

# A row of any columns.
AnyRow = Row[*tuple[Any, ...]]


class UtcDateTime(TypeDecorator[datetime]):
    """This keeps instants: aware in, aware UTC out. Raises ValueError for a naive one."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        """Choose a column with a zone on PostgreSQL; SQLite has none, so there UTC is implied."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """Write for SQLite what SQLAlchemy would, in a tenth of the time: a sweep has thousands."""
        return _written if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Write an aware instant as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a zone")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read an instant as aware UTC."""
        if value is None:
            return None
        aware = dialect.name == "postgresql"
        return value.astimezone(UTC) if aware else value.replace(tzinfo=UTC)


def _written(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("an instant without a zone")
    # Without the zone: SQLite knows none, and UTC is implied.
    return value.astimezone(UTC).isoformat(" ", "microseconds")[:26]


class Written(str):
    """This is JSON that is written already: it goes into a column of JSON as it is."""

    __slots__ = ()


def write_json(value: object) -> str:
    """Write what stands in a column of JSON."""
    return str(value) if isinstance(value, Written) else json.dumps(value)


metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_is_one_row_each",
        "fk": "%(table_name)s_%(column_0_name)s_is_known",
        "uq": "%(table_name)s_%(column_0_N_name)s_is_unique",
    }
)

# SQLite numbers rows by itself only in an INTEGER key.
BigKey = BigInteger().with_variant(Integer, "sqlite")


def program_id() -> Column[str]:
    """This is the program that owns the row."""
    return Column("program_id", String, ForeignKey("program.id"), nullable=False)


def person_id(name: str, *, nullable: bool = False, primary_key: bool = False) -> Column[str]:
    """This is a column that names a person."""
    known = ForeignKey("person.id")
    return Column(name, String, known, nullable=nullable, primary_key=primary_key)


def rule(name: str, sql: str) -> CheckConstraint:
    """This is a rule that the database keeps. NULL passes a CHECK: a rule must not meet one."""
    return CheckConstraint(sql, name=name)


def one_of(column: str, values: type[StrEnum]) -> str:
    """This is SQL for "the column holds one of these values"."""
    return f"{column} IN ({listed(*values)})"


def listed(*values: StrEnum) -> str:
    """This is a list of values in SQL."""
    return ", ".join(f"'{value}'" for value in sorted(values))


def index_where(
    name: str, *columns: Column[Any], where: ColumnElement[bool], unique: bool = False
) -> Index:
    """This is an index of only those rows that are looked for."""
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)
