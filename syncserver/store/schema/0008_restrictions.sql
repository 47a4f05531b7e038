-- Why a submission is restricted, and since when: its own withdrawal, or that of another one of its
-- chain of corrections, which has another reference. Restricted ones without a row are of an older
-- program; they are found by the reference of their withdrawal.
CREATE TABLE restrictions (
  submission INTEGER PRIMARY KEY REFERENCES submissions (id),
  withdrawal INTEGER NOT NULL,
  done_ms BIGINT NOT NULL
);
