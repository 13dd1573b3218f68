import orjson

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
        if method == "post" and path.endswith("silences"):
            assert "501" in operation["responses"], path
            continue
        assert any(status.startswith("2") for status in operation["responses"]), path
        if method == "post":
            assert operation["requestBody"]["content"], path
        named = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "path"}
        assert named == ({"integration"} if "{integration}" in path else set()), path


async def test_every_example_is_taken(ingest: Ingest) -> None:
    document = (await ingest.client.get("/openapi.json")).json()
    headers = {f"ce-{name}": name for name in ("id", "source", "type")} | {"ce-specversion": "1.0"}
    for path, methods in document["paths"].items():
        contents = methods.get("post", {}).get("requestBody", {}).get("content", {})
        for media_type, content in contents.items():
            example = content["example"]
            body = example.encode() if isinstance(example, str) else orjson.dumps(example)
            sent = (
                {"content-type": "application/json", **headers} if media_type == "*/*" else {"content-type": media_type}
            )
            response = await ingest.client.post(path.replace("{integration}", "x"), content=body, headers=sent)
            assert str(response.status_code) in methods["post"]["responses"], (path, media_type, response.text)
            assert response.is_success, (path, media_type, response.text)
            assert response.json().get("rejects", []) == response.json().get("errors", []) == [], (path, media_type)


async def test_every_operation_needs_a_key(ingest: Ingest) -> None:
    document = (await ingest.client.get("/openapi.json")).json()
    del ingest.client.headers["authorization"]
    for path, methods in document["paths"].items():
        for method in methods:
            response = await ingest.client.request(method, path.replace("{integration}", "x"))
            assert response.status_code == 401, (method, path)
            assert response.headers["content-type"] == "application/problem+json"
