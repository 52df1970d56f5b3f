"""The conversation: its state, the rules that move it on, and the screens that show it."""
