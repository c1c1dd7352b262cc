"""One file a command: a Query in, a platform-neutral Answer out."""
