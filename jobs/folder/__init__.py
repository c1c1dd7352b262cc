"""What is known before any figure comes in: partnership folder and shipped registers, read strictly."""
