"""Pages for people: what the API says as JSON, as HTML that needs nothing from elsewhere."""

from probe.pages.assets import Asset, assets
from probe.pages.rendering import Frame, Renderer
from probe.pages.sheet import Sheet, scorecard_sheet

__all__ = ["Asset", "Frame", "Renderer", "Sheet", "assets", "scorecard_sheet"]
