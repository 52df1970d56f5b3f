"""A cluster of three databases from Debian's packages that loses machines while people sign."""
