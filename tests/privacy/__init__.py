"""Promises to signers, tested as an attacker would test them."""
