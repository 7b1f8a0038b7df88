"""The headers of every answer: set by the orchestrator, and for the page by CloudFront or the local server."""

from __future__ import annotations

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        # WebAssembly, which runs the networks on the visitor's device, is code that no file of ours holds as script.
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "connect-src 'self' blob:",  # maps that the page itself has made
        "media-src blob:",  # a video file of the visitor's
        "worker-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    # These two isolate the page from other origins; without that browsers give it no memory that threads share.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
STRICT_TRANSPORT_SECURITY_S = 2 * 365 * 24 * 3600
"""How long a browser opens the site over HTTPS only; set where there is HTTPS, so not on a laptop."""
