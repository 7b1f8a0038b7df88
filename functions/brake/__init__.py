"""What stops everything when a day is about to cost more than its limit; its folder is the whole of the function."""
