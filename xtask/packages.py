"""Looks into what is published: each package has the licences, and nothing that it does not need.

    python3 xtask/packages.py FOLDER

`cargo xtask package` runs it. Python reads all kinds of packages without a library.
"""

import re
import sys
import tarfile
import zipfile
from pathlib import Path

LICENCES = ["LICENSE-MIT", "LICENSE-APACHE"]
# What each package of Cargo may have.
CRATE = (
    r"src/.+\.rs|README\.md|LICENSE-(MIT|APACHE)|Cargo\.(toml|toml\.orig|lock)|\.cargo_vcs_info\.json"
    r"|CHANGELOG\.md|grammar/why\.pest|docs/diagnostics\.md|src/.+\.(css|js|html|md)"
)

# For each kind of package: what its files may be called, the licences that it must have, and the least number of packages.
KINDS = {
    ".crate": (CRATE, LICENCES, 6),
    ".tar.gz": (
        rf"(cli/|crates/whyfor-serve/|bindings/python/)?({CRATE})|PKG-INFO|pyproject\.toml|python/whyfor/(\w+\.pyi?|py\.typed)",
        LICENCES,
        1,
    ),
    ".whl": (
        r"whyfor/(\w+\.pyi?|py\.typed|_core\.(abi3\.so|pyd))"
        r"|whyfor-[^/]+\.dist-info/(METADATA|WHEEL|RECORD|entry_points\.txt|licenses/LICENSE-\w+|sboms/[^/]+\.json)",
        LICENCES,
        1,
    ),
    ".vsix": (
        r"\[Content_Types\]\.xml|extension\.vsixmanifest"
        r"|extension/(package\.json|readme\.md|LICENSE\.txt|client\.js|language-configuration\.json)"
        r"|extension/(syntaxes/why\.tmLanguage\.json|node_modules/.+)",
        ["LICENSE.txt"],
        0,  # there is none without `npm`
    ),
}


def files(package: Path) -> list[str]:
    """The files of a package, from the folder that it unpacks to."""
    if package.suffix in (".whl", ".vsix"):
        with zipfile.ZipFile(package) as archive:
            return [name for name in archive.namelist() if not name.endswith("/")]
    with tarfile.open(package) as archive:
        return [member.name.split("/", 1)[1] for member in archive if not member.isdir()]


def problems(package: Path, allowed: str, licences: list[str]) -> list[str]:
    """What is wrong with a package."""
    names = files(package)
    unneeded = [f"{name} is not needed" for name in names if not re.fullmatch(allowed, name)]
    found = {name.rsplit("/", 1)[-1] for name in names}
    print(f"{package.name}: {len(names)} files, {package.stat().st_size:,} bytes")
    return unneeded + [f"{name} is missing" for name in licences if name not in found]


def main(folder: Path) -> int:
    """Looks into every package of a folder; the exit status."""
    wrong: list[str] = []
    for suffix, (allowed, licences, least) in KINDS.items():
        packages = sorted(folder.glob(f"*{suffix}"))
        if len(packages) < least:
            wrong.append(f"{folder}: {len(packages)} of {least} packages `*{suffix}`")
        for package in packages:
            wrong += [f"{package.name}: {text}" for text in problems(package, allowed, licences)]
    for text in wrong:
        print(f"error: {text}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
