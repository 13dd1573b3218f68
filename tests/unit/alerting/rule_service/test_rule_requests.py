import pytest

from alerting.rule_service.rule_requests import RuleCreate, catch_all_faults, check_new
from alerting.rule_service.settings import RuleServiceSettings
from alerting.runtime.problem import Fault, Problem

SETTINGS = RuleServiceSettings()


def rule(**more: object) -> RuleCreate:
    return RuleCreate.model_validate({"severity": "LOW", "source": "a", "name": "b"} | more)


def test_rules_that_differ_can_be_created() -> None:
    check_new([rule(), rule(severity="*"), rule(source="*"), rule(name="*"), rule(name="B")], SETTINGS)


def test_every_fault_is_named_with_its_item() -> None:
    same = [rule(id="x"), rule(id="y", source="s"), rule(id="x", name="n"), rule(source="s")]
    every = rule(severity="*", source="*", name="*")
    with pytest.raises(Problem) as refused:
        check_new([*same, every], SETTINGS)
    assert list(refused.value.errors) == [
        Fault(field="id", message="item 0 has the same", item=2),
        Fault(field="name", message="item 1 has the same severity, source and name", item=3),
        Fault(
            field="severity",
            message="severity, source and name may not all be *: the rule would match every alert",
            item=4,
        ),
    ]


@pytest.mark.parametrize("exact", ["severity", "source", "name"])
def test_one_exact_field_is_enough(exact: str) -> None:
    every = {"severity": "*", "source": "*", "name": "*"}
    assert catch_all_faults(every, SETTINGS)
    assert catch_all_faults(every | {exact: "LOW"}, SETTINGS) == []
    assert catch_all_faults(every, RuleServiceSettings(allow_catch_all_rules=True)) == []
