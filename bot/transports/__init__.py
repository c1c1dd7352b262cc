"""How a rendered message leaves the house: console, Slack, Teams."""
