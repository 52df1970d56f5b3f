"""The web front, as a surface: pages, live counts, and pictures, served from memory."""
