from fix_ingest import Ingest


async def test_every_operation_is_documented(ingest: Ingest) -> None:
    document = (await ingest.client.get("/openapi.json")).json()
    operations = [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    ids = [operation["operationId"] for _, _, operation in operations]
    assert len(ids) == len(set(ids))
    assert {"send_alerts", "enqueue", "integration_enqueue"} <= set(ids)
    for path, method, operation in operations:
        assert operation["security"], path
        assert operation["summary"], path
        assert any(status.startswith("2") for status in operation["responses"]), path
        if method == "post" and not path.endswith("silences"):
            assert operation["requestBody"]["content"], path
        named = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "path"}
        assert named == ({"integration"} if "{integration}" in path else set()), path


async def test_every_operation_needs_a_key(ingest: Ingest) -> None:
    document = (await ingest.client.get("/openapi.json")).json()
    del ingest.client.headers["authorization"]
    for path, methods in document["paths"].items():
        for method in methods:
            response = await ingest.client.request(method, path.replace("{integration}", "x"))
            assert response.status_code == 401, (method, path)
            assert response.headers["content-type"] == "application/problem+json"
