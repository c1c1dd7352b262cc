"""From stored rows to figures: what speaks for a place, what adds up, and the cubes that are judged."""
