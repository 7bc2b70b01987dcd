"""Reads that are more than a filter: tables, sums and medians for pages."""
