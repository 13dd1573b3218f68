import pytest
from pydantic import ValidationError

from alerting.rule_updater.settings import RuleUpdaterSettings


def test_listens_where_the_others_do_not() -> None:
    assert RuleUpdaterSettings().port == 8084


@pytest.mark.parametrize(("poll", "lease"), [(1.5, 5.0), (0.0, 5.0), (0.5, 1.0)])
def test_the_lease_outlasts_the_looks_that_renew_it(poll: float, lease: float) -> None:
    with pytest.raises(ValidationError):
        RuleUpdaterSettings(rules_poll_interval=poll, rules_lease=lease)
