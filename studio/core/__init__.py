"""The words of the domain, in plain Python: no Django, no database, no network."""
