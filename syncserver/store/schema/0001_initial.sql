-- One SQL for SQLite and PostgreSQL. Times are Unix milliseconds; bytes are base64 text, those of
-- every submission BYTEA (SQLite: a BLOB); hashes are hex text; nothing is NULL, an empty text or 0
-- stands for "none".

CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- Numbers given out inside the transaction that uses them: kiosk, submission, case, feed, alarm.
CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);
INSERT INTO counters (name, value)
VALUES ('kiosk', 0), ('submission', 0), ('case', 0), ('event', 0), ('feed', 0), ('alarm', 0);

-- ---- Fleet

CREATE TABLE kiosks (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  venue TEXT NOT NULL,
  district TEXT NOT NULL,
  ring TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  code_expires_ms BIGINT NOT NULL,
  code_used_ms BIGINT NOT NULL,
  created_ms BIGINT NOT NULL
);
CREATE UNIQUE INDEX kiosks_code ON kiosks (code_hash);

CREATE TABLE devices (
  id TEXT PRIMARY KEY,
  kiosk INTEGER NOT NULL REFERENCES kiosks (number),
  public_key TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  epoch BIGINT NOT NULL,
  enrolled_ms BIGINT NOT NULL,
  revoked_ms BIGINT NOT NULL,
  forked_ms BIGINT NOT NULL,
  covered_epoch BIGINT NOT NULL,
  covered_sequence BIGINT NOT NULL
);
CREATE UNIQUE INDEX devices_token ON devices (token_hash);
CREATE UNIQUE INDEX devices_kiosk ON devices (kiosk);

-- Apart from devices, so that heartbeats do not rewrite the row with the key.
CREATE TABLE device_states (
  device TEXT PRIMARY KEY REFERENCES devices (id),
  seen_ms BIGINT NOT NULL,
  release_shown BIGINT NOT NULL,
  pointer_serial BIGINT NOT NULL,
  feed BIGINT NOT NULL,
  queue BIGINT NOT NULL,
  last_sequence BIGINT NOT NULL,
  oldest_unsent_ms BIGINT NOT NULL,
  free_bytes BIGINT NOT NULL,
  clock_offset_ms BIGINT NOT NULL,
  app_version TEXT NOT NULL
);

CREATE TABLE alarms (
  id INTEGER PRIMARY KEY,
  at_ms BIGINT NOT NULL,
  kind TEXT NOT NULL,
  device TEXT NOT NULL,
  detail TEXT NOT NULL
);

-- ---- Submissions

CREATE TABLE submissions (
  id INTEGER PRIMARY KEY,
  device TEXT NOT NULL,
  epoch BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  hash TEXT NOT NULL,
  previous TEXT NOT NULL,
  uuid TEXT NOT NULL,
  kind INTEGER NOT NULL,
  reference TEXT NOT NULL,
  form_id TEXT NOT NULL,
  form_version BIGINT NOT NULL,
  wall_ms BIGINT NOT NULL,
  received_ms BIGINT NOT NULL,
  state INTEGER NOT NULL,
  reason TEXT NOT NULL,
  answer INTEGER NOT NULL,
  envelope BYTEA NOT NULL,
  body BYTEA NOT NULL
);
CREATE UNIQUE INDEX submissions_key ON submissions (device, epoch, sequence, hash);
-- Entered when a submission is opened, so that intake has one page less to write for each. What
-- waits is found by reference all the same, from an index that grows at its end (with the
-- state, or SQLite would read each row for it).
CREATE INDEX submissions_reference ON submissions (reference) WHERE state <> 1;
CREATE INDEX submissions_waiting ON submissions (id, reference, state) WHERE state = 1;

CREATE TABLE cases (
  id INTEGER PRIMARY KEY,
  submission INTEGER NOT NULL REFERENCES submissions (id),
  district TEXT NOT NULL,
  office TEXT NOT NULL,
  state TEXT NOT NULL,
  due_ms BIGINT NOT NULL,
  opened_ms BIGINT NOT NULL,
  closed_ms BIGINT NOT NULL
);
CREATE INDEX cases_submission ON cases (submission);
CREATE INDEX cases_district ON cases (district, closed_ms);
CREATE INDEX cases_due ON cases (due_ms) WHERE closed_ms = 0;

CREATE TABLE case_events (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  at_ms BIGINT NOT NULL,
  actor TEXT NOT NULL,
  state TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX case_events_case ON case_events (case_id);

-- Where the newest answer to each submission stands in the feed, for kiosks that ask for it.
CREATE TABLE answers (
  submission INTEGER PRIMARY KEY REFERENCES submissions (id),
  position BIGINT NOT NULL
);

-- Keyed hashes of what opened bodies are looked up by.
CREATE TABLE lookups (
  submission INTEGER NOT NULL REFERENCES submissions (id),
  field TEXT NOT NULL,
  mac TEXT NOT NULL,
  PRIMARY KEY (submission, field)
);
CREATE INDEX lookups_mac ON lookups (field, mac);

CREATE TABLE withdrawals (
  submission INTEGER PRIMARY KEY REFERENCES submissions (id),
  reference TEXT NOT NULL,
  done_ms BIGINT NOT NULL
);
CREATE INDEX withdrawals_reference ON withdrawals (reference);

CREATE TABLE feed (
  position INTEGER PRIMARY KEY,
  everyone INTEGER NOT NULL,
  device TEXT NOT NULL,
  venue TEXT NOT NULL,
  district TEXT NOT NULL,
  kind INTEGER NOT NULL,
  payload TEXT NOT NULL,
  at_ms BIGINT NOT NULL
);

-- ---- Catalogue

CREATE TABLE contents (
  hash TEXT PRIMARY KEY,
  json TEXT NOT NULL
);

CREATE TABLE records (
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  hash TEXT NOT NULL REFERENCES contents (hash),
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (type, id)
);

CREATE TABLE media (
  hash TEXT PRIMARY KEY,
  kind INTEGER NOT NULL,
  size BIGINT NOT NULL,
  content_type TEXT NOT NULL
);

CREATE TABLE releases (
  number INTEGER PRIMARY KEY,
  previous INTEGER NOT NULL,
  created_ms BIGINT NOT NULL,
  content_digest TEXT NOT NULL,
  records BIGINT NOT NULL,
  media BIGINT NOT NULL,
  manifest TEXT NOT NULL
);

CREATE TABLE release_items (
  release INTEGER NOT NULL REFERENCES releases (number),
  kind INTEGER NOT NULL,
  id TEXT NOT NULL,
  hash TEXT NOT NULL,
  size BIGINT NOT NULL,
  PRIMARY KEY (release, kind, id)
);

CREATE TABLE packs (
  release INTEGER NOT NULL REFERENCES releases (number),
  from_release INTEGER NOT NULL,
  size BIGINT NOT NULL,
  PRIMARY KEY (release, from_release)
);

CREATE TABLE pointers (
  serial BIGINT NOT NULL,
  ring TEXT NOT NULL,
  release INTEGER NOT NULL REFERENCES releases (number),
  issued_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (ring, serial)
);
