"""The voice: words in, words out (Slack, Teams, terminal)."""
