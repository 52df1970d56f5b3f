"""Scripts that renew the data and the fonts that the project carries with it."""
