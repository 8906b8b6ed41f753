"""What a person reads in a terminal, and what a pipe gets in its place."""
