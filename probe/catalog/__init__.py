"""Sources of releases, one file each. The union is the registry: a new kind adds its name here."""
