-- A submission's state 4: it arrived, its envelope was given up because a backup covered it, and the server was restored
-- since and has not said that it still has it.
CREATE INDEX IF NOT EXISTS submission_unconfirmed ON submission (position) WHERE state = 4;
