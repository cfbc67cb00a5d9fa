"use strict";

/**
 * Counts of requests and attempts, of all replicas together: key, count, end of its time as milliseconds since 1970.
 * Unlogged: they may be lost in a crash, and cost no write-ahead log. The form is rate-limiter-flexible's.
 */
module.exports = {
  up: (queryInterface) =>
    queryInterface.sequelize.query(
      `CREATE UNLOGGED TABLE rate_limits (
         key varchar(255) PRIMARY KEY,
         points integer NOT NULL DEFAULT 0,
         expire bigint
       ) WITH (fillfactor = 70)`,
    ),
  down: (queryInterface) => queryInterface.sequelize.query("DROP TABLE rate_limits"),
};
