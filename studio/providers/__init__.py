"""Something that can make takes: remote APIs, and the built-in engines behind one interface."""
