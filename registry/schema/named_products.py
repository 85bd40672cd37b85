"""The product that a cell of `agent` names: what is written on the box says the substance, and is kept beside it.

Such a cell says the product as well as the column `product` does, and is refused beside another one there. A cell that
names the substance alone, or its code, says nothing of a product: what is known of it stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registry.errors import RefusalError
from registry.schema.tables import Table

AGENT: Final = "agent"
PRODUCT: Final = "product"


def named_product(table: Table, own: Mapping[str, str]) -> str | None:
    """Return the product that the `own` word of a row for its agent names, None where it names a substance alone."""
    said, words = own.get(AGENT), table.columns[AGENT].agents
    known = words.product_named(said) if said is not None and words is not None else None
    return None if known is None else known.name


def with_named_product(table: Table, fields: dict[str, object], own: Mapping[str, str]) -> dict[str, object]:
    """Return the fields of a row of courses with the product that its agent's cell names.

    Raises `RefusalError` where the column `product` names another one.
    """
    named = named_product(table, own)
    if named is None:
        return fields
    stated = fields.get(PRODUCT)
    if stated is not None and stated != named:
        raise RefusalError(
            f"product: {stated} is not {named}, which stands as agent; give one of the two", field=PRODUCT, value=stated
        )
    return {**fields, PRODUCT: named}
