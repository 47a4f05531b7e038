-- What admins and officers did; see audit_records.h. Rows are added, never changed or removed.
CREATE TABLE audit_log (
  number BIGINT PRIMARY KEY,
  at_ms BIGINT NOT NULL,
  actor TEXT NOT NULL,
  act TEXT NOT NULL,
  subject TEXT NOT NULL,
  outcome TEXT NOT NULL,
  ordered BIGINT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL,
  head TEXT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('audit', 0);

-- The highest head that each kiosk named in a heartbeat; 0 and empty = none.
ALTER TABLE device_states ADD COLUMN audit_number BIGINT NOT NULL DEFAULT 0;
ALTER TABLE device_states ADD COLUMN audit_hash TEXT NOT NULL DEFAULT '';
