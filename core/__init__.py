"""Rules and words: what a petition is and how one signs it. No framework, no network, no clock."""
