"""``python -m probe.settings`` writes the JSON Schema of the configuration file to its output."""

import json
import sys

from probe.settings.schema import schema

sys.stdout.write(json.dumps(schema(), indent=2) + "\n")
