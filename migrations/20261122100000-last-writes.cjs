"use strict";

/**
 * Up to which position of the write-ahead log a read replica must be for a user to find there what the user wrote; kept
 * only where a replica is configured.
 */
module.exports = {
  up: (queryInterface) =>
    queryInterface.sequelize.query(
      `CREATE TABLE last_writes (
         user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
         lsn pg_lsn NOT NULL,
         written_at timestamptz NOT NULL
       ) WITH (fillfactor = 70)`,
    ),
  down: (queryInterface) => queryInterface.sequelize.query("DROP TABLE last_writes"),
};
