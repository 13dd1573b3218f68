"""``python -m deploy.grafana.generator [FOLDER]``: write the dashboards and docs/monitoring.md's tables, or copies."""

import json
import sys
from pathlib import Path
from typing import Final

from deploy.grafana.generator.delivery import DELIVERY
from deploy.grafana.generator.overview import OVERVIEW
from deploy.grafana.generator.services import SERVICES
from deploy.grafana.generator.tables import alerts_table, metrics_table, replaced

DASHBOARDS: Final = (OVERVIEW, SERVICES, DELIVERY)
ROOT: Final = Path(__file__).parents[3]
GUIDE: Final = "docs/monitoring.md"


def made() -> dict[str, str]:
    """Return the files by their paths."""
    guide = (ROOT / GUIDE).read_text()
    guide = replaced(replaced(guide, "metrics", metrics_table()), "alerts", alerts_table())
    pages = {f"deploy/grafana/dashboards/{each.uid}.json": each.json() for each in DASHBOARDS}
    return {path: json.dumps(page, indent=2) + "\n" for path, page in pages.items()} | {GUIDE: guide}


def main() -> None:
    """Write the files into the checkout, or into another folder."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT
    for path, text in made().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


if __name__ == "__main__":
    main()
