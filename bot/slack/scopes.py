"""The permissions that the bot token needs, and what does not work without each."""

from __future__ import annotations

from collections.abc import Mapping

SCOPES: Mapping[str, str] = {
    "app_mentions:read": "questions by mention",
    "channels:history": "finding a message again after an interruption",
    "channels:read": "telling a shared channel from one of your own",
    "chat:write": "alerts and answers",
    "commands": "slash commands",
    "files:write": "charts and maps",
    "groups:history": "finding a message again in a private channel",
    "groups:read": "telling a shared private channel from one of your own",
    "im:history": "questions by direct message",
    "im:write": "alerts that people subscribed to",
    "users:read": "telling a guest from a colleague",
}
