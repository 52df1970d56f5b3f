#!/bin/sh
# Makes Undersign's role and database in the new cluster. Patroni runs it once, with the address of the primary.
exec psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 "$1" <<'END'
\getenv password POSTGRES_PASSWORD
CREATE ROLE undersign LOGIN PASSWORD :'password';
CREATE DATABASE undersign OWNER undersign;
END
