"""What several commands of `spondyl campaign` take."""

from __future__ import annotations

from pathlib import Path

import click

from cli import completion

as_json_option = click.option("--json", "as_json", is_flag=True, help="JSON for machines.")
name_argument = click.argument("name", shell_complete=completion.campaigns)
key_option = click.option(
    "--key", type=click.Path(path_type=Path), help="The file of the key; NAME.key in this folder by default."
)
