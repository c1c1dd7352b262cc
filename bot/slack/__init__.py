"""The way in from Slack: commands, buttons, forms and the App Home, by Socket Mode or by HTTP."""
