"""A month judged: cubes to findings, findings to alerts, alerts to the outbox."""
