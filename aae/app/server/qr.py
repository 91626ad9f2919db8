"""Links as QR codes, for the cameras of phones."""

import io

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PATH = "api/qr.svg"
MAX_TEXT = 1500  # characters: more make squares too small for a projector


def draw(request: Request) -> Response:
    """The QR code of the parameter "text", as a picture of squares."""
    import segno  # here: the server starts without it

    text = request.query_params.get("text", "")
    if not 0 < len(text) <= MAX_TEXT:
        return Response(
            f"text: {len(text)} characters, must be 1 to {MAX_TEXT:,}: copy the link instead", status_code=400
        )
    picture = io.BytesIO()
    segno.make_qr(text, error="l").save(
        picture, kind="svg", xmldecl=False, svgclass=None, lineclass=None, border=4, light="#fff"
    )
    return Response(picture.getvalue(), media_type="image/svg+xml", headers={"Cache-Control": "no-store"})


ROUTE = Route(f"/{PATH}", draw)
