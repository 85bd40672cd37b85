"""How facts are written in rows: tables, their columns, cells, and how a row becomes a statement."""
