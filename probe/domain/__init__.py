"""What a release, a target, a failure and an observation are. Standard library only, no IO."""
