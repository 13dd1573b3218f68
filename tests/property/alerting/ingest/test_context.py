import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.ingest.context import MARKER, checked, fitted
from alerting.ingest.faults import Rejected

CHARACTERS = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
# Short ones, and some that alone are too long.
TEXT = st.one_of(
    st.text(CHARACTERS, max_size=30),
    st.builds(lambda text, times: text * times, st.text(CHARACTERS, min_size=1, max_size=5), st.integers(1, 6_000)),
)
CONTEXTS = st.one_of(
    st.dictionaries(TEXT, TEXT, max_size=6),
    st.integers(60, 70).map(lambda count: {str(number): "value" * 10 for number in range(count)}),
)


def fits(context: dict[str, str]) -> bool:
    total = sum(len(key.encode()) + len(value.encode()) for key, value in context.items())
    return len(context) <= 64 and total <= 16 * 1_024


@given(CONTEXTS)
def test_what_fits_is_untouched_and_what_does_not_is_cut(context: dict[str, str]) -> None:
    found = fitted(dict(context))
    assert fits(found)
    if fits(context):
        assert found == context
        assert checked(context, "context") == context
        return
    assert found[MARKER]
    assert all(context[key].startswith(value) for key, value in found.items() if key != MARKER)
    with pytest.raises(Rejected):
        checked(context, "context")


@given(CONTEXTS)
def test_a_cut_context_names_what_was_cut(context: dict[str, str]) -> None:
    found = fitted(dict(context))
    cut = [key for key in context if key != MARKER and found.get(key) != context[key]]
    if cut and len(", ".join(cut).encode()) < 200:
        assert all(key in found[MARKER] for key in cut)
