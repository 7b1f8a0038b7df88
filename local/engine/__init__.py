"""The engine that runs networks in the page, for a machine without npm's packages."""
