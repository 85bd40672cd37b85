"""The event log: what happened, in one order, for ever.

| module | what it does |
|---|---|
| `opening` | opens or creates a registry's database, by path or URL |
| `factory` | what the eventsourcing library needs: `PERSISTENCE_MODULE=registry.store.factory` |
| `recorder`, `followers` | write events, read streams, follow the log |
| `log`, `joined_lines` | read the log as columns, up to a position |
| `freezes` | names a position for ever |
| `registry_events` | appends to the streams of the registry itself |
| `backup` | copies a registry in a file, checked, and puts it back |
| `verify`, `chain_check`, `freezes_check` | recompute the chain, and say where it or a freeze does not fit |
| `roles` | the rights of those who write and read on a server |
| `merkle` | one hash over all digests, for short proofs |
| `chain`, `event_rows`, `head` | what one row holds, and how it is bound to the one before |
| `database`, `sqlite`, `postgres`, `schema` | the two stores, and what they have in common |
| `blocks_folder` | where the decoded columns of a log are kept |

The bytes are described in `docs/log-format.md`, for readers in any language.
"""
