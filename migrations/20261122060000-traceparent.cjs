"use strict";

/** The trace of the request that a generation began with (W3C Trace Context); null where traces are not sent. */
module.exports = {
  up: (queryInterface) =>
    queryInterface.sequelize.query("ALTER TABLE generation_tasks ADD COLUMN traceparent varchar(55)"),
  down: (queryInterface) =>
    queryInterface.sequelize.query("ALTER TABLE generation_tasks DROP COLUMN traceparent"),
};
