-- Moves the story's clock for every process; an earlier instant changes nothing.
INSERT INTO store.demo_time (now) VALUES ($1)
ON CONFLICT (single) DO UPDATE SET now = greatest(demo_time.now, excluded.now)
