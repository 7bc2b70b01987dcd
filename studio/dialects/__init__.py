"""Wire formats: pure functions between our values and what each provider speaks."""
