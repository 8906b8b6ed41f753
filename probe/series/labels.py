"""Labels that several metrics have in common."""

PAIR = ("product", "channel", "endpoint", "endpoint_kind", "probe_region")
PLACE = ("product", "channel", "endpoint", "probe_region")
RELEASE = ("product", "channel", "version")
