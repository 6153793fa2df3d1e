"""`healthsheet addin manifest`: the file by which Excel finds the server."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from addin.hosts.officejs.settings import read_id, read_url
from pipeline.cli import DONE
from pipeline.cli.addin_server import checked
from scoring.errors import HostError

_FILE = Path("healthsheet.xml")
_LOCAL = "https://localhost:3000"
_WEF = "~/Library/Containers/com.microsoft.Excel/Data/Documents/wef/"


def configure(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.description = "Write the manifest by which Excel finds a server."
    parser.add_argument("--url", type=checked(read_url), default=_LOCAL, metavar="URL",
                        help=f"where Excel reaches the server (default: {_LOCAL})")  # fmt: skip
    parser.add_argument("--client-id", type=checked(read_id), default="", metavar="ID",
                        help="of the Entra app registration, for --sign-in entra")  # fmt: skip
    parser.add_argument("-o", "--output", type=Path, default=_FILE, metavar="FILE",
                        help=f"file to write (default: {_FILE})")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Write the manifest and say how it gets into Excel."""
    from addin.hosts.officejs.manifest import manifest

    text = manifest(args.url, args.client_id)
    try:
        args.output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise HostError(f"{args.output}: {error.strerror}. Name another file with -o.") from None
    print(f"Wrote {args.output}: HealthSheet for Excel at {args.url}.")
    print(f"Next: {_next(args.output, sys.platform)}")
    print("      For a whole company: docs/admin.md, Deploy.")
    return DONE


def _next(file: Path, platform: str) -> str:
    if platform == "darwin":
        return f"cp {file} {_WEF}, restart Excel, then Home > Add-ins > HealthSheet."
    if platform == "win32":
        return (
            f"put {file} into a shared folder that Excel trusts (File > Options > Trust Center > "
            "Trusted Add-in Catalogs), then Home > Add-ins > More Add-ins > Shared Folder."
        )
    return f"in Excel on the web: Home > Add-ins > More Add-ins > Upload My Add-in, {file}."
