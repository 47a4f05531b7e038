
-- The stall's record ("stall/ID") that was put into the catalogue's draft with a producer; empty =
-- none. It goes with the producer.
ALTER TABLE producer_drafts ADD COLUMN stall TEXT NOT NULL DEFAULT '';
