"""``python -m probe.web.openapi`` writes the OpenAPI document of all routes to its output."""

import json
import sys

from probe import __version__
from probe.web.openapi.document import document
from probe.web.routes import Pages, described

sys.stdout.write(json.dumps(document(described(Pages.ALL), __version__), indent=2) + "\n")
