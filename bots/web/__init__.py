"""The web front as a surface: pages, live counts and pictures, answered from memory."""
