"""Charts and maps as PNG, with alt text that carries their numbers; matplotlib is loaded lazily."""
