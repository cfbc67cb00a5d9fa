"use strict";

/** What administrators switch at run time, for all replicas: key and value, such as the maintenance mode. */
module.exports = {
  up: (queryInterface) =>
    queryInterface.sequelize.query(
      `CREATE TABLE system_state (
         key varchar(100) PRIMARY KEY,
         value jsonb NOT NULL,
         updated_at timestamptz NOT NULL DEFAULT now()
       )`,
    ),
  down: (queryInterface) => queryInterface.sequelize.query("DROP TABLE system_state"),
};
