"""Rules and words: what a petition is and how people sign it. No framework, no network, no clock."""
