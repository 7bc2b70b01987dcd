"""A ledger as files: tables for people, and FOCUS for finance."""
