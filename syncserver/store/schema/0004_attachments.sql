-- Sealed attachments (spoken answers) that envelopes name. state: 1 awaited, 2 here as it came, 3 opened (sealed under
-- the submission's key), 4 unreadable, 5 awaited for too long, 6 erased.
CREATE TABLE attachments (
  submission INTEGER NOT NULL REFERENCES submissions (id),
  place INTEGER NOT NULL,
  hash TEXT NOT NULL,
  size BIGINT NOT NULL,
  state INTEGER NOT NULL,
  body BYTEA NOT NULL,
  PRIMARY KEY (submission, place)
);
CREATE INDEX attachments_hash ON attachments (hash);
CREATE INDEX attachments_lacking ON attachments (submission) WHERE state IN (1, 5);
CREATE INDEX attachments_unopened ON attachments (submission) WHERE state = 2;

-- What is here of an attachment that is not whole yet.
CREATE TABLE attachment_pieces (
  submission INTEGER NOT NULL,
  place INTEGER NOT NULL,
  start BIGINT NOT NULL,
  bytes BYTEA NOT NULL,
  PRIMARY KEY (submission, place, start)
);
