"""Files drawn for organizers from plain values: charts, QR codes, the hand-in. No platform, storage, or network."""
