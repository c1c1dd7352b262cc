"""`make bench`: measured figures as ratios against a named peer in the same run. Nothing here is asserted."""

from __future__ import annotations

import sys

from tests.benchmarks import extracts


def main() -> None:
    """Run every benchmark; `--quick` repeats less."""
    quick = "--quick" in sys.argv
    extracts.main(repeats=1 if quick else 3)


if __name__ == "__main__":
    main()
