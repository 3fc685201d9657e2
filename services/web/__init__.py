"""HTTP: command routes generated from the one registry, the house's own addresses, and problems that help."""
