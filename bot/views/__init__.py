"""Facts to platform-neutral messages: alerts, what people did with them, the digest."""
