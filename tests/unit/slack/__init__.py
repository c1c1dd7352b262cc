"""Rooms of bot.slack, one by one."""
