"""The API's endpoints, a router for each sort of thing."""
