"""One function per intent, called by pages, by the API and by commands alike."""
