"""One file a group of `tocsin` subcommands; imported only when that command runs."""
