"""The repositories that core's protocols require, each on the connection of one transaction."""
