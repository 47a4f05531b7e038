-- Spoken answers, sealed. state: 0 kept, 1 arrived (the server has it whole, or wants it no more). `held`: bytes
-- that the server said it has. `bytes` goes together with the submission's envelope.
CREATE TABLE attachment (
  hash BLOB PRIMARY KEY,
  submission INTEGER NOT NULL REFERENCES submission (position),
  size INTEGER NOT NULL,
  state INTEGER NOT NULL DEFAULT 0,
  held INTEGER NOT NULL DEFAULT 0,
  not_before_ms INTEGER NOT NULL DEFAULT 0,
  bytes BLOB
);
CREATE INDEX attachment_submission ON attachment (submission);
CREATE INDEX attachment_kept ON attachment (submission) WHERE state = 0;
