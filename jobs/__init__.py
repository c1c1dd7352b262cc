"""The works: everything that touches disk, net or clock."""
