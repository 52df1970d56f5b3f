module verifylog

go 1.17

require golang.org/x/mod v0.7.0
