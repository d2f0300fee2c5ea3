"""The page `docs/try_it.md`: its code, what it says that it prints, the slips that it suggests, what it loads."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "try_it.md").read_text(encoding="utf-8")
FILES = json.loads((ROOT / "docs" / "static" / "try_it" / "files.json").read_text(encoding="utf-8"))
"""The checksum of each file by its address."""


def block(language):
    """The only block of a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    return found


CODE = block("python")
PRINTED = block("text")
SLIPS = re.findall(r"^- `(\w+ = .*?)`", TEXT, re.MULTILINE)


def with_line(line):
    """The code with this line in the place of the one that begins alike."""
    name = line.partition(" = ")[0]
    code, count = re.subn(rf"^( *){name} = .*$", lambda found: found[1] + line, CODE, flags=re.MULTILINE)
    assert count == 1
    return code
