"use strict";

/** The session of PostgreSQL (its process id) with whose end the lease ends; null where only its time counts. */
module.exports = {
  up: (queryInterface) => queryInterface.sequelize.query("ALTER TABLE monitor_lease ADD COLUMN session int"),
  down: (queryInterface) => queryInterface.sequelize.query("ALTER TABLE monitor_lease DROP COLUMN session"),
};
