"""The few pages that stand before the console: plain HTML, no framework, nothing from elsewhere."""

import secrets
from html import escape

from doorward.wire.response import HttpResponse

_NONCE_BYTES = 16
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:10vh auto;padding:0 1rem}"
    "code{word-break:break-all}button,input{font:inherit;padding:.4rem .8rem}"
    "p.warning{border-left:.3rem solid #b00;padding-left:.7rem}"
)


def page(
    title: str,
    body: str,
    *,
    script: str = "",
    leads_to: str = "",
    status: int = 200,
) -> HttpResponse:
    """A page of ours.

    Args:
        title: Text.
        body: HTML; whatever came from outside is escaped in it.
        script: JavaScript, run because it is in this page and no other is.
        leads_to: An origin that a form's answer may redirect to.
        status: Of the answer.
    """
    nonce = secrets.token_urlsafe(_NONCE_BYTES)
    code = f'<script nonce="{nonce}">{script}</script>' if script else ""
    text = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><style nonce="{nonce}">{_STYLE}</style></head>'
        f"<body><h1>{escape(title)}</h1>{body}{code}</body></html>"
    )
    targets = f"'self' {leads_to}".strip()
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; "
        f"connect-src 'self'; form-action {targets}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    headers = (
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "no-store"),
        ("content-security-policy", policy),
        # With no referrer at all a form would be sent with the origin `null`.
        ("referrer-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    )
    return HttpResponse(status, headers, text.encode())
