"""
Steps on file systems of its own, run inside a mount namespace: ``full_disk.py STEP DIRECTORY``.

Prints what was seen, one word or number a line.
"""
