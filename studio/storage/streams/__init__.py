"""What a simulation measures besides its picture: archives of 16-bit frames, shown in false colors."""

from pathlib import Path

DECODER = Path(__file__).with_name("decode_flow.py")
