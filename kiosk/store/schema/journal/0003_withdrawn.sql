-- References that were withdrawn: no answer to them is kept any more, in whatever order things come, and also when a
-- restored server has forgotten the withdrawal for a while.
CREATE TABLE withdrawn (reference TEXT PRIMARY KEY);
