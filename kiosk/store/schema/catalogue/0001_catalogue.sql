-- One release. `record` holds what the publisher signed; `lean` the same in the form that the screens
-- load, made at staging, so that a start parses no JSON.
CREATE TABLE record (
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  hash BLOB NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY (type, id)
);

CREATE TABLE lean (
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (type, id)
);

-- Which media a record names. hash: lower-case hex SHA-256; kind: wire::ItemKind. Media that a complete
-- pack brings and no record names stand under the empty type.
CREATE TABLE medium (
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  hash TEXT NOT NULL,
  kind INTEGER NOT NULL,
  PRIMARY KEY (type, id, hash, kind)
);

CREATE TABLE meta (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  release INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  lean_version INTEGER NOT NULL,
  lean_digest BLOB NOT NULL
);
