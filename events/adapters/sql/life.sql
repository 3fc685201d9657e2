-- When this server began, and when it last lost its figures: a crash of one of its processes discards them too.
SELECT pg_postmaster_start_time() AS began, stats_reset AS forgot FROM pg_stat_wal
