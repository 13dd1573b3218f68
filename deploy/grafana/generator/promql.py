"""The expressions that come again and again."""

from collections.abc import Sequence

from deploy.grafana.generator.panel import Query


def rate(metric: str, by: str = "", where: str = "") -> str:
    """Return how much a counter grows a second."""
    return f"{_sum(by)}(rate({metric}{_braces(where)}[$__rate_interval]))"


def quantile(q: float, histogram: str, by: str = "", where: str = "") -> str:
    """Return a quantile of a histogram."""
    labels = f"{by}, le" if by else "le"
    return f"histogram_quantile({q}, sum by ({labels}) (rate({histogram}_bucket{_braces(where)}[$__rate_interval])))"


def quantiles(histogram: str, where: str = "", of: Sequence[float] = (0.5, 0.95, 0.99)) -> list[Query]:
    """Return several quantiles of a histogram."""
    return [Query(quantile(q, histogram, where=where), f"p{q * 100:g}") for q in of]


def of_service(expression: str) -> str:
    """Return what a process tells of itself, with the name of its service; those of the chosen services only."""
    return f'({expression}) * on (job, instance) group_left (service) alerting_build_info{{service=~"$service"}}'


def _sum(by: str) -> str:
    return f"sum by ({by}) " if by else "sum"


def _braces(where: str) -> str:
    return f"{{{where}}}" if where else ""
