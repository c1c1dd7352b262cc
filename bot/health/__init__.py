"""How a running program is: `/healthz` for the service manager, `/metrics` for Prometheus, on loopback."""
