-- Keys of opened records; see key_store.h. Always SQLite.
CREATE TABLE record_keys (
  hash TEXT PRIMARY KEY,
  secret TEXT NOT NULL
);
