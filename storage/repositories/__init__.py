"""The repositories that core's protocols ask for, each on the connection of one transaction."""
