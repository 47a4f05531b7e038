-- What an admin set for a kiosk, as it goes down the feed; empty = nothing.
ALTER TABLE kiosks ADD COLUMN configuration TEXT NOT NULL DEFAULT '';
