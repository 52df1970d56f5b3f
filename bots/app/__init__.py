"""The process: the command line, the composition root, and what starts, watches, and stops the surfaces."""
