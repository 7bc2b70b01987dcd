"""The cost report: a view is read from an address, and each part of the page from its rollups."""
