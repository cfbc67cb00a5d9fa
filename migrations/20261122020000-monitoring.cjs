"use strict";

/** What the connection monitor saw, the alerts that it raised, and which process looks for all. */
module.exports = {
  async up(queryInterface) {
    await queryInterface.sequelize.transaction((transaction) =>
      queryInterface.sequelize.query(UP, { transaction }),
    );
  },
  async down(queryInterface) {
    await queryInterface.sequelize.query("DROP TABLE monitor_lease, alerts, health_samples");
  },
};

/** A look at a service; with `is_mean` what stands for all looks of the minutes from `at` on. */
const UP = `
CREATE TABLE health_samples (
  service varchar(20) NOT NULL,
  at timestamptz(3) NOT NULL,
  is_mean boolean NOT NULL DEFAULT false,
  status varchar(20) NOT NULL CHECK (status IN ('off', 'healthy', 'degraded', 'unhealthy')),
  response_ms integer NOT NULL,
  max_response_ms integer NOT NULL,
  looks integer NOT NULL DEFAULT 1 CHECK (looks > 0),
  message text NOT NULL DEFAULT '',
  figures jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (service, at, is_mean)
);

CREATE TABLE alerts (
  id uuid PRIMARY KEY,
  key varchar(100) NOT NULL,
  service varchar(20) NOT NULL,
  severity varchar(20) NOT NULL CHECK (severity IN ('warning', 'critical')),
  value double precision NOT NULL,
  threshold double precision NOT NULL,
  unit varchar(10) NOT NULL,
  notices jsonb NOT NULL DEFAULT '[]',
  opened_at timestamptz(3) NOT NULL,
  resolved_at timestamptz(3)
);
CREATE UNIQUE INDEX alerts_one_open ON alerts (key) WHERE resolved_at IS NULL;
CREATE INDEX alerts_resolved ON alerts (resolved_at);

CREATE TABLE monitor_lease (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  holder uuid NOT NULL,
  name text NOT NULL,
  looked_at timestamptz(3) NOT NULL,
  until timestamptz(3) NOT NULL
);
`;
