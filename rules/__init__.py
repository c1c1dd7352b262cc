"""The law: pure functions and values. No disk, net, clock or database."""
