"""Signatures: what one is, what makes one suspicious, how it is reviewed, how signatures are broken down."""
