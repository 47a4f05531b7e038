-- Who this kiosk is: the server's answer to the enrolment, as JSON.
CREATE TABLE identity (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  answer TEXT NOT NULL
);

-- One hash chain for each (device, epoch). Outlives the envelopes, so that no sequence is used twice.
CREATE TABLE chain (
  id INTEGER PRIMARY KEY,
  device TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL DEFAULT 0,
  head BLOB NOT NULL DEFAULT x'',
  UNIQUE (device, epoch)
);

-- state: 0 kept, 1 arrived, 2 quarantined, 3 rejected. `envelope` is NULL once the server's verified
-- backup covers it; the row stays for the visitor who asks.
CREATE TABLE submission (
  position INTEGER PRIMARY KEY,
  chain INTEGER NOT NULL REFERENCES chain (id),
  sequence INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE,
  reference TEXT NOT NULL UNIQUE,
  wall_ms INTEGER NOT NULL,
  state INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  not_before_ms INTEGER NOT NULL DEFAULT 0,
  hash BLOB NOT NULL UNIQUE,
  envelope BLOB,
  UNIQUE (chain, sequence)
);
CREATE INDEX submission_pending ON submission (chain, sequence) WHERE state = 0;
CREATE INDEX submission_retained ON submission (chain, sequence)
  WHERE state <> 0 AND envelope IS NOT NULL;

-- Sealed answers: encoded wire::SealedAnswer, which this kiosk cannot open by itself.
CREATE TABLE answer (
  reference TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  sealed BLOB NOT NULL
);

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);
