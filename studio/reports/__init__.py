"""Reads: tables and sums for pages."""
