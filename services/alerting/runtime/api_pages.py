"""``/docs``: a service's API to read and to try, with scripts from the service itself.

Those of another host could act for whoever is logged in. The files are Swagger UI's, as fastapi-offline ships them; its
own application is not used, because every one that is made is kept for ever.
"""

from importlib.resources import files
from typing import Final

from fastapi.openapi.docs import get_swagger_ui_html
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

_FILES: Final = "/docs/files"


def api_pages(title: str) -> list[BaseRoute]:
    """Return the routes."""
    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title=title,
        swagger_js_url=f"{_FILES}/swagger-ui-bundle.js",
        swagger_css_url=f"{_FILES}/swagger-ui.css",
        swagger_favicon_url=f"{_FILES}/favicon.png",
    )

    async def docs(_request: Request) -> Response:
        return page

    static = StaticFiles(directory=str(files("fastapi_offline") / "static"))
    return [Mount(_FILES, static, name="docs-files"), Route("/docs", docs)]
