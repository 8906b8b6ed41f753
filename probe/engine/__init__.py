"""From what is due to what was observed: schedule, limits, ration, attempts."""
