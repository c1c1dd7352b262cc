"""People and alerts: who may see and do what, who hears of what and when, and what is written down."""
