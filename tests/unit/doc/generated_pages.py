"""The generated pages of solver/doc are what the program prints today: a change of an option or of the exchange contract
that forgets its page fails here. To renew them: scripts/update_docs."""

# processors: 1

import pathlib
import subprocess
import sys

PAGES = {"parameters.md": ["parameters"], "exchange.md": ["parameters", "--format", "exchange"]}


def main(program):
    folder = pathlib.Path(__file__).resolve().parents[3] / "solver" / "doc"
    failed = 0
    for page, arguments in PAGES.items():
        printed = subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout
        stored = (folder / page).read_text(encoding="utf-8") if (folder / page).exists() else ""
        if len(printed) < 1000:
            print(f"wolff {' '.join(arguments)} prints almost nothing")
            failed += 1
        elif printed != stored:
            print(f"solver/doc/{page} is stale; run scripts/update_docs")
            failed += 1
    print(f"{len(PAGES) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
