-- Number of the program that a kiosk runs (odop::kProgramNumber), as its heartbeats say it; 0 = it
-- names none, as the first program does.
ALTER TABLE device_states ADD COLUMN app_number BIGINT NOT NULL DEFAULT 0;
