-- When a forked device was told by the feed to enrol anew; 0 = never.
ALTER TABLE devices ADD COLUMN demanded_ms BIGINT NOT NULL DEFAULT 0;
-- Which device a kiosk was before it enrolled anew, as that one signed it; '' = none known.
ALTER TABLE devices ADD COLUMN former TEXT NOT NULL DEFAULT '';
