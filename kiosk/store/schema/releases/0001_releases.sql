-- Releases on this disk. state: 1 ready, 2 failed its health check.
CREATE TABLE release (
  number INTEGER PRIMARY KEY,
  state INTEGER NOT NULL,
  created_ms INTEGER NOT NULL
);

-- The newest accepted pointer and the manifest that it names, exact documents as JSON.
CREATE TABLE document (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  pointer TEXT NOT NULL,
  manifest TEXT NOT NULL,
  serial INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL
);

-- "type/id" that the pointer hides.
CREATE TABLE taken_down (id TEXT PRIMARY KEY);

CREATE TABLE shown (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  release INTEGER NOT NULL
);
