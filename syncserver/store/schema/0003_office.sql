-- What a scheme's portal calls the case, sealed under the submission's key (base64); empty = none.
ALTER TABLE cases ADD COLUMN portal TEXT NOT NULL DEFAULT '';

-- What a person decided about two registrations that look alike; first < second.
CREATE TABLE duplicate_verdicts (
  first INTEGER NOT NULL REFERENCES submissions (id),
  second INTEGER NOT NULL REFERENCES submissions (id),
  verdict TEXT NOT NULL,
  actor TEXT NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (first, second)
);

-- Approved registrations whose people want to be shown: what an editor may take into the catalogue's
-- draft. `record` is the record's "type/id"; `body` its JSON, sealed under the submission's key.
CREATE TABLE producer_drafts (
  submission INTEGER PRIMARY KEY REFERENCES submissions (id),
  record TEXT NOT NULL,
  district TEXT NOT NULL,
  body TEXT NOT NULL,
  made_ms BIGINT NOT NULL,
  accepted_ms BIGINT NOT NULL
);
CREATE UNIQUE INDEX producer_drafts_record ON producer_drafts (record);

-- Records that no kiosk shows any more, whatever release it holds; every new pointer names them.
CREATE TABLE take_downs (
  record TEXT PRIMARY KEY,
  reason TEXT NOT NULL,
  at_ms BIGINT NOT NULL
);
