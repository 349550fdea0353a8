"""What every table shares. Money is integer cents, days are ISO text, moments are ISO text in UTC, IDs are text."""

from sqlmodel import SQLModel

METADATA = SQLModel.metadata
