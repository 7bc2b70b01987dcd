"""HTTP in: our own pages."""
