"""
The commands, one module each: arguments in, text and an exit code out.

Each has an ``app``, and is loaded when it is asked for: see ``probe.cli``.
"""
