"""Web: the record as pages and as an API, read-only. `create_app` makes the ASGI application, `serve` runs it.

Pages are rendered here from templates; nothing of an article is ever executed (no inline script or style is allowed,
and every word is escaped). Scripts are small or vendored with their hashes (`static/vendor/NOTICE.md`).
"""

from demarche.web.access import is_loopback
from demarche.web.app import create_app, free_port, new_token, serve
from demarche.web.options import WebLimits, WebOptions

__all__ = ["WebLimits", "WebOptions", "create_app", "free_port", "is_loopback", "new_token", "serve"]
