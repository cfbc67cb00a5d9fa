"use strict";

/** What all replicas share about a provider: request rate, create calls at once, circuit breaker, retry budget. */
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

const UP = `
CREATE TABLE provider_limits (
  provider varchar(50) PRIMARY KEY,
  requests_per_second double precision NOT NULL CHECK (requests_per_second > 0),
  creates_at_once integer NOT NULL CHECK (creates_at_once > 0),
  tokens double precision NOT NULL,
  refilled_at timestamptz NOT NULL DEFAULT now(),
  wait_until timestamptz,
  retry_tokens double precision NOT NULL,
  window_started_at timestamptz NOT NULL DEFAULT now(),
  window_successes integer NOT NULL DEFAULT 0,
  window_failures integer NOT NULL DEFAULT 0,
  failures_in_row integer NOT NULL DEFAULT 0,
  openings integer NOT NULL DEFAULT 0,
  open_until timestamptz,
  probe_until timestamptz,
  last_success_at timestamptz,
  last_failure_at timestamptz,
  last_fault varchar(50)
) WITH (fillfactor = 50);
ALTER TABLE generation_tasks ADD COLUMN queued_at timestamptz(3) NOT NULL DEFAULT now();
UPDATE generation_tasks SET queued_at = created_at;
`;

const DOWN = `
ALTER TABLE generation_tasks DROP COLUMN queued_at;
DROP TABLE provider_limits;
`;
