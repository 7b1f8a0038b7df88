"""What is asked of the palette that the page opens with, and `python -m tests.palette`, which proposes a colour."""
