"""Providers' bills, purely: from the bytes of a file to lines, and from lines to differences."""
