"use strict";

/**
 * What making and verifying backups came to, and how far the one that runs is. What backups there are stands in the
 * place where they are kept; this is the history that schedule, figures and people read.
 */
module.exports = {
  up: (queryInterface) =>
    queryInterface.sequelize.query(
      `CREATE TABLE backup_runs (
         id uuid PRIMARY KEY,
         task varchar(20) NOT NULL CHECK (task IN ('create', 'verify')),
         kind varchar(20) CHECK (kind IN ('manual', 'daily', 'weekly')),
         filename varchar(100),
         state varchar(20) NOT NULL CHECK (state IN ('running', 'succeeded', 'failed', 'canceled')),
         step varchar(20) NOT NULL,
         files_done bigint NOT NULL DEFAULT 0,
         files_total bigint,
         bytes_done bigint NOT NULL DEFAULT 0,
         bytes_total bigint,
         cancel_requested boolean NOT NULL DEFAULT false,
         verified_ok boolean,
         verified_at timestamptz,
         size_bytes bigint,
         error text,
         started_at timestamptz NOT NULL DEFAULT now(),
         finished_at timestamptz,
         CHECK ((state = 'running') = (finished_at IS NULL))
       );
       CREATE INDEX backup_runs_started_at ON backup_runs (started_at DESC);`,
    ),
  down: (queryInterface) => queryInterface.sequelize.query("DROP TABLE backup_runs"),
};
