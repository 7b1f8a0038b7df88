"""The API's endpoints, a router for each kind of resource."""
