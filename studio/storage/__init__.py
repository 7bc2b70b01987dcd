"""Files: naming, storing, probing, and pictures that people upload."""
