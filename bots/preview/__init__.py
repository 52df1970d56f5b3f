"""The preview of a petition: one HTML file with every screen, as each surface shows it, in every language."""
