"""The conversation: its state, the rules that advance it, and the screens that show it."""
