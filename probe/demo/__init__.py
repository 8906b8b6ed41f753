"""A small world on loopback that delivers this project's own releases, and its faults."""
