"use strict";

/** What paid work may cost and did cost: one row each time that a generation is let into the provider's queue. */
module.exports = {
  async up(queryInterface) {
    await queryInterface.sequelize.transaction((transaction) =>
      queryInterface.sequelize.query(UP, { transaction }),
    );
  },
  async down(queryInterface) {
    await queryInterface.sequelize.transaction((transaction) =>
      queryInterface.sequelize.query(DOWN, { transaction }),
    );
  },
};

/**
 * A row pays for the attempts from `first_attempt` up to the next row's. Its state follows from the generation and
 * those attempts alone, and is written by triggers at the commit that changed either, so no code path can forget it:
 * reserved while the generation runs; charged once a cost is known; assumed where it ended and an attempt may have
 * been taken; released where nothing was taken, or where the provider says that a failure cost nothing. The row lock
 * comes first and each statement sees what was committed before it, so of two simultaneous changes the later commit
 * sees both.
 */
const UP = `
CREATE TABLE spendings (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  number bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  generation_id uuid REFERENCES generation_tasks (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
  user_id uuid NOT NULL REFERENCES users (id),
  provider varchar(50) NOT NULL,
  network varchar(64) NOT NULL,
  preset varchar(50),
  first_attempt integer NOT NULL CHECK (first_attempt > 0),
  state varchar(50) NOT NULL DEFAULT 'reserved' CHECK (state IN ('reserved', 'charged', 'assumed', 'released')),
  expected_roubles numeric(12, 2) CHECK (expected_roubles >= 0),
  cost numeric(12, 2),
  roubles numeric(12, 2) NOT NULL GENERATED ALWAYS AS
    (CASE WHEN state = 'released' THEN 0 ELSE coalesce(cost, expected_roubles, 0) END) STORED,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  settled_at timestamptz(3),
  CHECK (state <> 'charged' OR cost IS NOT NULL),
  CHECK ((state = 'reserved') = (settled_at IS NULL))
);
CREATE INDEX spendings_generation ON spendings (generation_id, number);
CREATE INDEX spendings_counted ON spendings (created_at) WHERE state <> 'released';
CREATE INDEX spendings_price ON spendings (provider, network, preset, created_at DESC) WHERE cost > 0;

CREATE FUNCTION settle_spendings(generation uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM spendings WHERE generation_id = generation ORDER BY number FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  UPDATE spendings s
     SET state = v.state, settled_at = CASE WHEN v.state = 'reserved' THEN NULL ELSE now() END
    FROM (SELECT p.id,
                 CASE WHEN p.cost = 0 AND g.status IN ('failed', 'canceled') THEN 'released'
                      WHEN p.cost IS NOT NULL THEN 'charged'
                      WHEN p.next_attempt IS NULL AND g.status NOT IN ('succeeded', 'failed', 'canceled')
                        THEN 'reserved'
                      WHEN g.status = 'succeeded' AND p.next_attempt IS NULL THEN 'assumed'
                      WHEN EXISTS (SELECT FROM generation_attempts a
                                    WHERE a.generation_id = generation AND a.number >= p.first_attempt
                                      AND (p.next_attempt IS NULL OR a.number < p.next_attempt)
                                      AND a.state IN ('open', 'accepted', 'finished', 'unknown')) THEN 'assumed'
                      ELSE 'released' END AS state
            FROM (SELECT id, cost, first_attempt, lead(first_attempt) OVER (ORDER BY number) AS next_attempt
                    FROM spendings WHERE generation_id = generation) p,
                 generation_tasks g
           WHERE g.id = generation) v
   WHERE v.id = s.id AND v.state <> s.state;
END $$;

CREATE FUNCTION generation_spent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.cost IS NOT NULL AND NEW.cost IS DISTINCT FROM OLD.cost THEN
    UPDATE spendings SET cost = NEW.cost
     WHERE id = (SELECT id FROM spendings WHERE generation_id = NEW.id AND first_attempt <= greatest(NEW.attempts, 1)
                  ORDER BY number DESC LIMIT 1);
  END IF;
  PERFORM settle_spendings(NEW.id);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER generation_spent AFTER UPDATE ON generation_tasks DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.status <> NEW.status OR OLD.cost IS DISTINCT FROM NEW.cost)
  EXECUTE FUNCTION generation_spent();

CREATE FUNCTION attempt_spent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM settle_spendings(NEW.generation_id);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER attempt_spent AFTER UPDATE ON generation_attempts DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION attempt_spent();

INSERT INTO spendings (generation_id, user_id, provider, network, preset, first_attempt, cost, created_at)
  SELECT id, user_id, provider, network, preset, 1, cost, created_at FROM generation_tasks
   WHERE provider <> 'local' ORDER BY created_at, id;
SELECT settle_spendings(generation_id) FROM spendings;
`;

const DOWN = `
DROP TRIGGER attempt_spent ON generation_attempts;
DROP TRIGGER generation_spent ON generation_tasks;
DROP FUNCTION attempt_spent();
DROP FUNCTION generation_spent();
DROP FUNCTION settle_spendings(uuid);
DROP TABLE spendings;
`;
