"""The event log: what happened, in one order, for ever.

| module | what it does |
|---|---|
| `opening` | opens or creates a registry's database, by path or URL |
| `factory` | what the eventsourcing library needs: `PERSISTENCE_MODULE=registry.store.factory` |
| `recorder`, `tracking`, `subscription` | write events, read streams, follow the log |
| `log` | reads the log as columns, up to a position |
| `freezes` | names a position for ever |
| `backup` | copies a registry in a file, checked, and puts it back |
| `verify`, `chain_check` | recompute the chain, and say where it does not fit |
| `erasing`, `roles` | take a stream's words away; the rights of those who write and read on a server |
| `merkle` | one hash over all digests, for short proofs |
| `chain`, `sealing`, `head` | what one row holds, and how it is bound to the one before |
| `database`, `sqlite`, `postgres`, `failures`, `schema` | the two stores, and what they have in common |

The bytes are described in `docs/log-format.md`, for readers in any language.
"""
