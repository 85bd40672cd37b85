"""A Dask scheduler that an export is given to: where it is, and what shows that it is the right one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, NamedTuple

from projections.errors import SchedulerError

TLS: Final = "tls://"
WANTED: Final = (
    "it wants certificates; give --tls-ca-file, --tls-cert and --tls-key, or name them in Dask's own configuration, "
    "distributed.comm.tls"
)


class Scheduler(NamedTuple):
    """The address of a scheduler, as `tls://HOST:8786`, and files in the PEM format.

    `ca_file` has the certificate of who signed those of scheduler and workers, `cert` our own, and `key` the key of
    that unless it stands in the same file. What is None Dask's own configuration may name.
    """

    address: str
    ca_file: str | Path | None = None
    cert: str | Path | None = None
    key: str | Path | None = None

    def security(self, distributed: Any) -> Any:
        """Return what Dask needs to know the scheduler, and to be known; None where the address asks for neither.

        Raises `SchedulerError` for certificates that are missing, cannot be read, or would not be used.
        """
        named = {"tls_ca_file": self.ca_file, "tls_client_cert": self.cert, "tls_client_key": self.key}
        given = {name: str(file) for name, file in named.items() if file is not None}
        if not self.address.startswith(TLS):
            if given:
                raise SchedulerError(self.address, f"certificates are of no use there; write an address with {TLS}")
            return None
        security = distributed.Security(require_encryption=True, **given)
        if not (security.tls_ca_file and security.tls_client_cert):
            raise SchedulerError(self.address, WANTED)
        try:
            security.get_connection_args("client")
        except (OSError, ValueError) as error:
            raise SchedulerError(self.address, f"the certificates cannot be used: {error}") from None
        return security
