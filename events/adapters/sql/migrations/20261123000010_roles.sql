-- migrate:up

-- One role of the database for each role of a process, with the rights of that one alone. `wijkspoor_app`, who has them
-- all, stays for the program that is one process. None of them logs in: an installation makes its own users in them.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['serve', 'work', 'relay', 'project', 'timers', 'publish'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wijkspoor_' || wanted) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', 'wijkspoor_' || wanted);
        END IF;
        IF NOT pg_has_role(current_user, 'wijkspoor_' || wanted, 'SET') THEN
            EXECUTE format('GRANT %I TO %I WITH SET TRUE', 'wijkspoor_' || wanted, current_user);
        END IF;
    END LOOP;
END
$$;

-- Everybody reads the log, knows the story's time, and may hold a lease.
GRANT USAGE ON SCHEMA store TO
wijkspoor_serve, wijkspoor_work, wijkspoor_relay, wijkspoor_project, wijkspoor_timers, wijkspoor_publish;

GRANT SELECT ON store.log, store.counter, store.meta, store.demo_time TO
wijkspoor_serve, wijkspoor_work, wijkspoor_relay, wijkspoor_project, wijkspoor_timers, wijkspoor_publish;

GRANT SELECT, INSERT, UPDATE ON store.lease TO
wijkspoor_serve, wijkspoor_work, wijkspoor_relay, wijkspoor_project, wijkspoor_timers, wijkspoor_publish;

-- Who decides may append, and nothing else to the log; its secrets are in the vault.
GRANT SELECT ON store.command, store.account, store.transfer, store.unique_key TO
wijkspoor_serve, wijkspoor_work, wijkspoor_timers;

GRANT EXECUTE ON FUNCTION store.append_plain, store.append_judged TO wijkspoor_serve, wijkspoor_work, wijkspoor_timers;

GRANT USAGE ON SCHEMA vault TO wijkspoor_serve, wijkspoor_work, wijkspoor_timers, wijkspoor_publish;

GRANT SELECT, INSERT, UPDATE ON vault.subject_key TO wijkspoor_serve, wijkspoor_work, wijkspoor_timers;

-- The secrets of webhooks are sealed too; who delivers reads their keys.
GRANT SELECT ON vault.subject_key TO wijkspoor_publish;

-- Places are seen by whoever shows them, and moved by whoever consumes.
GRANT SELECT ON store.consumer_place TO wijkspoor_serve;

GRANT SELECT, INSERT, UPDATE ON store.consumer_place TO
wijkspoor_work, wijkspoor_project, wijkspoor_timers, wijkspoor_publish;

GRANT EXECUTE ON FUNCTION store.advance_place TO
wijkspoor_work, wijkspoor_project, wijkspoor_timers, wijkspoor_publish;

GRANT SELECT, INSERT, UPDATE, DELETE ON store.parked TO wijkspoor_work, wijkspoor_project, wijkspoor_timers;

GRANT SELECT ON store.parked TO wijkspoor_serve;

GRANT SELECT ON store.discarded TO wijkspoor_work, wijkspoor_project, wijkspoor_timers;

GRANT EXECUTE ON FUNCTION store.hold_stream, store.park, store.unpark TO
wijkspoor_work, wijkspoor_project, wijkspoor_timers;

GRANT SELECT, INSERT, UPDATE, DELETE ON store.timer TO wijkspoor_timers;

GRANT INSERT, UPDATE ON store.demo_time TO wijkspoor_timers;

-- What is published is moved by the relay alone; timers look whether all is quiet before they move a story on, and a
-- reaction whether what its event may rest on was handled.
GRANT SELECT ON store.relay, store.relay_partition TO wijkspoor_relay, wijkspoor_timers, wijkspoor_work;

GRANT UPDATE ON store.relay TO wijkspoor_relay;

GRANT INSERT, UPDATE ON store.relay_partition TO wijkspoor_relay;

GRANT EXECUTE ON FUNCTION store.move_relay TO wijkspoor_relay;

-- Views: made and filled by projections, read by whoever shows or publishes them. Those that the whole program or an
-- administrator makes belong to wijkspoor_app.
GRANT USAGE ON SCHEMA public TO wijkspoor_serve, wijkspoor_publish, wijkspoor_project;

GRANT CREATE ON SCHEMA public TO wijkspoor_project;

GRANT SELECT ON store.account TO wijkspoor_project;

GRANT wijkspoor_project TO wijkspoor_app;

DO $$
BEGIN
    IF pg_has_role(current_user, 'wijkspoor_app', 'SET') THEN
        ALTER DEFAULT PRIVILEGES FOR ROLE wijkspoor_app IN SCHEMA public
        GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO wijkspoor_project;
        ALTER DEFAULT PRIVILEGES FOR ROLE wijkspoor_app IN SCHEMA public
        GRANT SELECT ON TABLES TO wijkspoor_serve, wijkspoor_publish;
        ALTER DEFAULT PRIVILEGES FOR ROLE wijkspoor_project IN SCHEMA public
        GRANT SELECT ON TABLES TO wijkspoor_serve, wijkspoor_publish;
    END IF;
END
$$;

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO wijkspoor_project;

GRANT SELECT ON ALL TABLES IN SCHEMA public TO wijkspoor_serve, wijkspoor_publish;

-- Subscriptions: managed where commands are served, delivered where public events are published.
GRANT USAGE ON SCHEMA subscription TO wijkspoor_serve, wijkspoor_publish;

GRANT SELECT, INSERT, UPDATE ON subscription.endpoint TO wijkspoor_serve, wijkspoor_publish;

GRANT SELECT, INSERT, DELETE ON subscription.attempt, subscription.again TO wijkspoor_serve, wijkspoor_publish;

GRANT SELECT ON subscription.manifest TO wijkspoor_serve;

GRANT SELECT, INSERT ON subscription.manifest TO wijkspoor_publish;

-- migrate:down

DO $$ BEGIN RAISE EXCEPTION 'a log has no way back: write a migration that goes forward'; END $$;
