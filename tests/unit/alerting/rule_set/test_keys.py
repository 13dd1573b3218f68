from alerting.rule_set.keys import chunk_key, entry_id, entry_version


def test_names_are_the_contracts() -> None:
    assert chunk_key(12, 0) == "rules:base:12:0"
    assert entry_id(12) == "12-0"


def test_an_entry_id_is_read_back() -> None:
    assert entry_version(entry_id(2**53).encode()) == 2**53
