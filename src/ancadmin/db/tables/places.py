"""Provinces, regions, branches and the wards they stand on."""

from sqlmodel import Field, SQLModel


class Province(SQLModel, table=True):
    """One of the nine."""

    code: str = Field(primary_key=True)
    name: str
    batch: int = Field(foreign_key="batch.number")


class Region(SQLModel, table=True):
    """A region of a province; not the same thing as a district."""

    code: str = Field(primary_key=True)
    name: str
    province: str = Field(foreign_key="province.code", index=True)
    batch: int = Field(foreign_key="batch.number")


class Branch(SQLModel, table=True):
    """A branch stands on one ward, or shares one. A ward number means nothing without its delimitation year."""

    code: str = Field(primary_key=True)
    name: str
    region: str = Field(foreign_key="region.code", index=True)
    ward: str | None = None
    ward_year: int | None = None
    batch: int = Field(foreign_key="batch.number")
