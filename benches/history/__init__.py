"""What asv measures over the history. It sees this folder only: others want the platform, which asv has not."""

import sys
from pathlib import Path

# Last, so that the matchcore that asv has built is found before the one that lies beside it.
sys.path.append(str(Path(__file__).parents[2]))
