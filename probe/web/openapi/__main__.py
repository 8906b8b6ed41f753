"""``python -m probe.web.openapi`` writes the OpenAPI document of all routes to its output."""

import sys

from probe import __version__
from probe.web.openapi.page import written
from probe.web.routes import Pages, described

sys.stdout.write(written(described(Pages.ALL), __version__).decode())
