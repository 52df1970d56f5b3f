"""A small web for tests: pages made by hand, kept as WARC, replayed over real HTTP and HTTPS, and a web archive."""
