"""What looks every hour whether a visitor would be served; its folder is the whole of the function."""
